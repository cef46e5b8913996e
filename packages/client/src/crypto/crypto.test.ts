import { toBase64Url } from '@earshot/protocol';
import { describe, expect, test } from 'vitest';
import { cryptoConformance } from '../conformance/crypto.ts';
import { createMemoryCrypto } from '../memory/crypto.ts';
import { memoryHash } from '../memory/crypto-hash.ts';
import { isWeakKey } from './weak-keys.ts';
import { createWebCrypto } from './web-crypto.ts';

const hex = (text: string): Uint8Array =>
  new Uint8Array(text.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? []);

describe.each([
  ['WebCrypto', createWebCrypto()],
  ['the memory crypto', createMemoryCrypto(1)],
])('%s', (_, crypto) => {
  test.each(cryptoConformance)('$name', ({ run }) => run(crypto));
});

describe('WebCrypto', () => {
  const crypto = createWebCrypto();

  test('hashes as FIPS 180-4 says', () => {
    expect(crypto.hash(new TextEncoder().encode('abc'))).toEqual(
      hex('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'),
    );
  });

  test('verifies as RFC 8032, section 7.1, test 2 says', async () => {
    const publicKey = hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
    const signature = hex(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
    expect(await crypto.verify(publicKey, hex('72'), signature)).toBe(true);
    expect(await crypto.verify(publicKey, hex('73'), signature)).toBe(false);
  });

  test('a device’s private key can’t be read, a portable one is there to back up', async () => {
    const device = (await crypto.generateKey('device')).stored as { privateKey: CryptoKey };
    expect(device.privateKey.extractable).toBe(false);
    const portable = (await crypto.generateKey('portable')).stored as { pkcs8: Uint8Array };
    expect(portable.pkcs8.length).toBe(48);
  });

  test('goes on verifying when more keys were seen than are kept imported', async () => {
    const first = await crypto.generateKey('device');
    const signature = await first.sign(Uint8Array.of(1));
    for (let i = 0; i < 300; i++) {
      const publicKey = crypto.random(32);
      await crypto.verify(publicKey, Uint8Array.of(1), signature);
    }
    expect(await crypto.verify(first.publicKey, Uint8Array.of(1), signature)).toBe(true);
  });
});

describe('keys of small order', () => {
  const P = 2n ** 255n - 19n;
  const mod = (a: bigint): bigint => ((a % P) + P) % P;
  const power = (base: bigint, exponent: bigint): bigint => {
    let [result, square] = [1n, mod(base)];
    for (let rest = exponent; rest > 0n; rest >>= 1n) {
      if (rest & 1n) result = mod(result * square);
      square = mod(square * square);
    }
    return result;
  };
  const invert = (a: bigint): bigint => power(a, P - 2n);
  const D = mod(-121665n * invert(121666n));
  const bytes = (y: bigint): Uint8Array =>
    Uint8Array.from({ length: 32 }, (_, i) => Number((y >> BigInt(8 * i)) & 255n));

  /** y of 8·(x, y), from the x² that the curve gives: doubling needs no sign. */
  const eightfold = (y: bigint): bigint => {
    let [at, x2] = [mod(y), mod((y * y - 1n) * invert(D * y * y + 1n))];
    for (let i = 0; i < 3; i++) {
      const product = mod(D * x2 * at * at);
      const nextX2 = mod(4n * x2 * at * at * invert((1n + product) ** 2n));
      at = mod((at * at + x2) * invert(1n - product));
      x2 = nextX2;
    }
    return at;
  };

  const encodings: bigint[] = [1n, P - 1n, 0n, P, P + 1n];
  for (const text of [
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  ]) {
    encodings.push(hex(text).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n));
  }

  test.each(encodings)('%s is refused, with either sign', (y) => {
    expect(eightfold(y)).toBe(1n);
    expect(isWeakKey(bytes(y))).toBe(true);
    expect(isWeakKey(bytes(y | (1n << 255n)))).toBe(true);
  });

  test('an honest key isn’t', async () => {
    expect(isWeakKey((await createWebCrypto().generateKey('device')).publicKey)).toBe(false);
  });
});

describe('the memory crypto', () => {
  test('is the same for the same seed, another for another', () => {
    const draw = (seed: number): string => toBase64Url(createMemoryCrypto(seed).random(32));
    expect(draw(5)).toBe(draw(5));
    expect(draw(5)).not.toBe(draw(6));
  });

  test('knows nothing of another world’s keys', async () => {
    const [here, there] = [createMemoryCrypto(1), createMemoryCrypto(2)];
    const key = await here.generateKey('device');
    const message = Uint8Array.of(1);
    expect(await there.verify(key.publicKey, message, await key.sign(message))).toBe(false);
    await expect(there.loadKey(key.stored)).rejects.toThrow();
  });

  test('its hash spreads: 50,000 inputs that differ little, no two alike in 64 bits', { timeout: 30_000 }, () => {
    const seen = new Set<string>();
    for (let i = 0; i < 50_000; i++) {
      const input = new Uint8Array(40);
      new DataView(input.buffer).setUint32((i % 10) * 4, i);
      seen.add(String.fromCharCode(...new Uint16Array(memoryHash(input).buffer, 0, 4)));
    }
    expect(seen.size).toBe(50_000);
  });
});
