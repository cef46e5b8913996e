import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asciiFrames, textFrames } from './frames.ts';

/** What another reader of the format makes of the bytes (RFC 6455, section 5.2). */
const read = (bytes: Buffer): string[] => {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    expect(bytes[at]).toBe(0x81);
    const short = bytes.readUInt8(at + 1);
    const [length, from] =
      short < 126
        ? [short, at + 2]
        : short === 126
          ? [bytes.readUInt16BE(at + 2), at + 4]
          : [Number(bytes.readBigUInt64BE(at + 2)), at + 10];
    texts.push(bytes.toString('utf8', from, from + length));
    at = from + length;
  }
  return texts;
};

test.each([0, 1, 125, 126, 127, 65_535, 65_536, 70_000])('a text of %i bytes', (length) => {
  const text = 'x'.repeat(length);
  expect(read(textFrames([text, 'next']))).toEqual([text, 'next']);
  const ascii = asciiFrames([text, 'next']);
  if (length > 65_535) expect(ascii).toBeUndefined();
  else expect(ascii && read(Buffer.from(ascii, 'latin1'))).toEqual([text, 'next']);
});

test('whatever texts, in their order', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 200 })), (texts) => {
      expect(read(textFrames(texts))).toEqual(texts);
    }),
  );
});

test('both ways of writing say the same, where both can', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary-ascii', maxLength: 300 })), (texts) => {
      expect(Buffer.from(asciiFrames(texts) ?? '', 'latin1')).toEqual(textFrames(texts));
    }),
  );
  expect(asciiFrames(['plain', 'é'])).toBeUndefined();
});
