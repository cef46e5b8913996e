import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEmojiAlone, stretches } from './rich-text.ts';

const links = (text: string): readonly string[] =>
  stretches(text).flatMap((stretch) => (stretch.kind === 'link' ? [`${stretch.text} → ${stretch.href}`] : []));

describe('links in a text', () => {
  it.each<[string, readonly string[]]>([
    ['no link here', []],
    ['see https://example.com/a?b=c#d.', ['https://example.com/a?b=c#d → https://example.com/a?b=c#d']],
    ['(http://example.com)', ['http://example.com → http://example.com']],
    ['example.com is fine', ['example.com → http://example.com']],
    ['write to anna@example.com', ['anna@example.com → mailto:anna@example.com']],
    [
      'a https://a.example and https://b.example',
      ['https://a.example → https://a.example', 'https://b.example → https://b.example'],
    ],
    ['javascript:alert(1)', []],
    ['data:text/html,<b>x</b>', []],
    ['file:///etc/passwd', []],
    ['ftp://example.com/x', []],
    ['//example.com/x', []],
  ])('%s', (text, found) => expect(links(text)).toEqual(found));

  it('leave the text as it was, and lead nowhere but to pages and letters', () => {
    const pieces = fc.constantFrom(
      'https://',
      'example.com',
      'javascript:',
      'data:',
      '//',
      '@',
      ' ',
      '\n',
      'http://a.b/c',
      '<a href="x">',
      'x',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const found = stretches(text);
        expect(found.map((stretch) => stretch.text).join('')).toBe(text);
        for (const stretch of found) {
          if (stretch.kind === 'link') expect(new URL(stretch.href).protocol).toMatch(/^(https?|mailto):$/);
        }
      }),
    );
  });
});

describe('emoji alone', () => {
  it.each(['👍', '👍👍🏽', '🏳️‍🌈', '👩‍👩‍👧 🎉', ' ❤️ ', '🇩🇪'])('%s', (text) => expect(isEmojiAlone(text)).toBe(true));
  it.each(['', ' ', '1', '#', 'a👍', '👍👍👍👍', '👍 ok'])('not %j', (text) => expect(isEmojiAlone(text)).toBe(false));
});
