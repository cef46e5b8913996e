import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { verify } from './verify.ts';

describe('a signature', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32));
  const message = new TextEncoder().encode('what was signed');
  const signature = new Uint8Array(sign(null, message, privateKey));
  const changed = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 3 ? byte ^ 1 : byte));

  test.each([
    ['true', key, message, signature, true],
    ['of another message', key, changed(message), signature, false],
    ['changed', key, message, changed(signature), false],
    ['of another key', changed(key), message, signature, false],
    ['of a key that is none', key.slice(1), message, signature, false],
    ['of a key that is no point', new Uint8Array(32).fill(255), message, signature, false],
    ['too short', key, message, signature.slice(1), false],
    ['empty', key, message, new Uint8Array(), false],
  ])('%s', async (_, by, of, what, fits) => {
    expect(await verify(by, of, what)).toBe(fits);
  });
});
