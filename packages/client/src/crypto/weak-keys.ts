/**
 * Ed25519 public keys of small order, as their 32 bytes in hexadecimal without the sign bit: under them a signature may fit
 * any message. The points of order 1, 2, 4 and 8, and the two encodings that aren't reduced modulo p (RFC 8032, section 5.1.3).
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '00'.repeat(32),
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
]);

/** Whether nobody honest can have this public key. Platforms differ on whether they refuse it by themselves. */
export const isWeakKey = (publicKey: Uint8Array): boolean =>
  SMALL_ORDER.has(
    Array.from(publicKey, (byte, i) => (i === 31 ? byte & 127 : byte).toString(16).padStart(2, '0')).join(''),
  );
