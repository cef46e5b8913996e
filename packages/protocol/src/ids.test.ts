import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldName, idBytes, type Name, parseDeviceId, parseName, parsePersonId, personIdOf } from './ids.ts';
import { NAME_MAX_CODE_POINTS } from './limits.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const name = (text: string): Name => {
  const parsed = parseName(text);
  if (!parsed.ok) throw new Error(`not a name: ${parsed.error}`);
  return parsed.value;
};

test('what is a name stays that very name', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const parsed = parseName(text);
      if (parsed.ok) expect(parseName(parsed.value)).toEqual(parsed);
    }),
    { numRuns: 5_000 },
  );
});

test('every code point: named or refused, and folding it twice is folding it once', () => {
  for (let code = 0; code <= 0x10ffff; code++) {
    const parsed = parseName(`a${String.fromCodePoint(code)}b`);
    if (!parsed.ok) continue;
    const folded = foldName(parsed.value);
    if (foldName(folded as Name) !== folded) expect.fail(`folds twice: ${code.toString(16)}`);
  }
});

test.each([
  ['case', 'ANN', 'ann'],
  ['width', 'Ａｎｎ', 'ann'],
  ['ligature', '\ufb01nn', 'finn'],
  ['sharp s', 'Straße', 'STRASSE'],
  ['final sigma', 'Νίκος', 'ΝΊΚΟΣ'],
  ['joiner inside', 'al\u200dice', 'alice'],
  ['non-joiner inside', 'al\u200cice', 'alice'],
  ['variation selector', '\u2764\ufe0f', '\u2764'],
  ['composed or not', 'Zoe\u0308', 'Zo\u00eb'],
  ['no-break space', 'Ann\u00a0Lee', 'Ann Lee'],
])('one name to the server: %s', (_, a, b) => {
  expect(foldName(name(a))).toBe(foldName(name(b)));
});

test.each([
  ['a woman technologist', '\u{1f469}\u200d\u{1f4bb}'],
  ['a family', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'],
  ['a red heart', '\u2764\ufe0f'],
  ['a keycap', '1\ufe0f\u20e3'],
  ['a flag', '\u{1f1e9}\u{1f1ea}'],
  ['Persian with a non-joiner', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
  ['forty emoji', '\u{1f600}'.repeat(NAME_MAX_CODE_POINTS)],
])('legal and unchanged: %s', (_, text) => {
  expect(parseName(text)).toEqual({ ok: true, value: text });
});

describe('refused', () => {
  test.each([
    ['override', '\u202e'],
    ['isolate', '\u2066'],
    ['left-to-right mark', '\u200e'],
    ['Arabic letter mark', '\u061c'],
    ['zero-width space', '\u200b'],
    ['word joiner', '\u2060'],
    ['soft hyphen', '\u00ad'],
    ['Hangul filler', '\u3164'],
    ['half-width Hangul filler', '\uffa0'],
    ['empty braille', '\u2800'],
    ['tag letter', '\u{e0061}'],
    ['control', '\u0007'],
    ['C1 control', '\u0085x'],
    ['non-character', '\ufdd0'],
    ['high surrogate', '\ud800'],
    ['low surrogate', '\udc00'],
  ])('%s', (_, text) => {
    expect(parseName(`a${text}b`)).toEqual({ ok: false, error: 'not_printable' });
  });

  test.each([
    ['nothing', '', 'empty'],
    ['spaces', ' \u00a0\u2003 ', 'empty'],
    ['joiners alone', '\u200d\u200d', 'not_printable'],
    ['a mark alone', '\u0301', 'not_printable'],
    ['forty-one', 'x'.repeat(NAME_MAX_CODE_POINTS + 1), 'too_long'],
    ['a million', 'x'.repeat(1_000_000), 'too_long'],
    ['a million spaces', ' '.repeat(1_000_000), 'too_long'],
  ])('%s', (_, text, error) => {
    expect(parseName(text)).toEqual({ ok: false, error });
  });
});

test('a key has one text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      const id = personIdOf(bytes);
      expect(parsePersonId(id)).toBe(id);
      expect(idBytes(id)).toEqual(bytes);
    }),
  );
});

test.each([
  ['too short', 'A'.repeat(42)],
  ['too long', 'A'.repeat(44)],
  ['bits left over', `${'A'.repeat(42)}B`],
  ['padded', `${'A'.repeat(43)}=`],
  ['the other alphabet', `${'A'.repeat(42)}+`],
  ['not ASCII', `${'A'.repeat(42)}\u0100`],
  ['huge', 'A'.repeat(10_000_000)],
])('no key: %s', (_, text) => {
  expect(parsePersonId(text)).toBeUndefined();
  expect(parseDeviceId(text)).toBeUndefined();
});
