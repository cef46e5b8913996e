import { expect, test } from 'vitest';
import { toGson } from './gson.ts';

test.each([
  [{ a: 0, b: 1.5 }, '{"a":0.0,"b":1.5}'],
  [{ a: null, b: undefined, c: '' }, '{"c":""}'],
  [{ a: { b: ['"', true, 2] } }, '{"a":{"b":["\\"",true,2.0]}}'],
])('%j', (value, text) => {
  expect(toGson(value)).toBe(text);
});
