import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Receiver } from 'ws';
import { textFrames } from './frames.ts';

/** What another implementation reads from the bytes. */
const read = (bytes: Buffer): string[] => {
  const texts: string[] = [];
  const receiver = new Receiver({ isServer: false });
  receiver.on('message', (data: Buffer) => texts.push(data.toString()));
  receiver.write(bytes);
  return texts;
};

test.each([0, 1, 125, 126, 127, 65_535, 65_536, 70_000])('a text of %i bytes', (length) => {
  const text = 'x'.repeat(length);
  expect(read(textFrames([text, 'next'], 'written'))).toEqual([text, 'next']);
});

test('whatever texts, in their order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 200 })),
      fc.constantFrom('written', 'kept'),
      (texts, use) => {
        expect(read(textFrames(texts, use as 'written' | 'kept'))).toEqual(texts);
      },
    ),
  );
});
