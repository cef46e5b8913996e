import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, fromBase64Url, toBase64Url, Writer } from './bytes.ts';

test('base64url is the platform’s, and reads back', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = toBase64Url(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromBase64Url(text)).toEqual(bytes);
    }),
  );
});

test('numbers up to 2^53 − 1 read back, in one form alone', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      expect(decode(new Writer().number(value).done(), (r) => r.number())).toEqual({ ok: true, value });
    }),
  );
  expect(decode(Uint8Array.of(0x80, 0x00), (r) => r.number())).toEqual({ ok: false, error: 'malformed' });
});
