import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { descriptionLiteral } from './description-literal.ts';

describe('the description as it was written', () => {
  test.each([
    ['{"type":"create_offer","data":{"sdp":"v=0\\r\\n","type":"OFFER"}}', '"v=0\\r\\n"'],
    ['{"data":{"sdp":"say \\"sdp\\""}}', '"say \\"sdp\\""'],
    ['{"data":{"sdp":"\\\\"},"x":"y"}', '"\\\\"'],
    ['{"data":{"sdp":"\\\\\\""},"x":"y"}', '"\\\\\\""'],
    ['{"data":{"sdp":""}}', '""'],
    ['{"data":{"sdp":"\\/é😀\u2028"}}', '"\\/é😀\u2028"'],
  ])('is found in %s', (text, literal) => {
    expect(descriptionLiteral(text)).toBe(literal);
    expect(JSON.parse(literal)).toBe((JSON.parse(text) as { data: { sdp: string } }).data.sdp);
  });

  test.each([
    ['twice', '{"data":{"sdp":"first","sdp":"last"}}'],
    ['twice, with a space', '{"data":{"sdp":"first","sdp" :"last"}}'],
    ['elsewhere, too', '{"x":{"sdp":"other"},"data":{"sdp":"it"}}'],
    ['as a value, too', '{"x":"sdp","data":{"sdp":"it"}}'],
    ['in disguise', '{"data":{"sdp":"first","\\u0073dp":"last"}}'],
    ['with such a character in it', '{"data":{"sdp":"\\u0000"}}'],
    ['as the end of another key', '{"data":{"\\"sdp":"it"}}'],
    ['with a space before it', '{"data":{"sdp": "it"}}'],
    ['as a number', '{"data":{"sdp":7}}'],
    ['not at all', '{"data":{}}'],
    ['alone', '"sdp"'],
  ])('is not taken where it is there %s', (_, text) => {
    JSON.parse(text);
    expect(descriptionLiteral(text)).toBeUndefined();
  });

  test('is never another than the one that was parsed', () => {
    const piece = fc.constantFrom(
      '"',
      '\\',
      'sdp',
      ':',
      ',',
      '{',
      '}',
      '\\u0073',
      '\\"',
      'data',
      ' ',
      'x',
      '\\/',
      '\\u',
    );
    const key = fc.oneof(
      fc.constantFrom('"sdp"', '"data"', '"\\u0073dp"', '"x\\"sdp"', '"sdp\\\\"'),
      fc.constant('"type"'),
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => `{"data":{"sdp":"${pieces.join('')}"}}`),
      fc.array(fc.tuple(key, fc.array(piece, { maxLength: 6 })), { maxLength: 5 }).map((members) => {
        const inside = members.map(([name, pieces]) => `${name}:"${pieces.join('')}"`).join(',');
        return `{"type":"x","data":{${inside}},${inside === '' ? '"y":1' : inside}}`;
      }),
    );
    let found = 0;
    fc.assert(
      fc.property(text, (written) => {
        let parsed: { data?: { sdp?: unknown } };
        try {
          parsed = JSON.parse(written) as typeof parsed;
        } catch {
          return;
        }
        const literal = descriptionLiteral(written);
        if (literal === undefined || typeof parsed.data !== 'object') return;
        if (typeof parsed.data.sdp !== 'string') return;
        found++;
        expect(JSON.parse(literal)).toBe(parsed.data.sdp);
      }),
      { numRuns: 20_000 },
    );
    expect(found).toBeGreaterThan(500);
  });
});
