import { describe, expect, test } from 'vitest';
import { inText } from './private-words.mjs';
import { inFile } from './rooms.mjs';
import { scriptsOf } from './size.mjs';

const lines = (count, line = 'go();') => `${line}\n`.repeat(count);

describe('rooms', () => {
  test.each([
    ['a file of 300 lines', lines(300), []],
    ['a file of 301 lines', lines(301), ['a.ts: 301 lines (at most 300)']],
    ['a function of 80 lines', `const f = () => {\n${lines(78)}};\n`, []],
    ['a function of 81 lines', `\nfunction f() {\n${lines(79)}}\n`, ['a.ts:2: a function of 81 lines (at most 80)']],
    [
      'a method of 81 lines',
      `class A {\n  m() {\n${lines(79)}  }\n}\n`,
      ['a.ts:2: a function of 81 lines (at most 80)'],
    ],
  ])('%s', (_, text, found) => {
    expect(inFile('a.ts', text)).toEqual(found);
  });
});

describe('private words', () => {
  test.each([
    ['/ro' + 'ot/.npm', 1],
    ['see /ho' + 'me/me/x', 1],
    ['/tm' + 'p/earshot', 1],
    ['https://registry.npm' + 'js.org/x', 1],
    ['-----BEGIN EC PRIVATE' + ' KEY-----', 1],
    ['ghp' + `_${'a'.repeat(36)}`, 1],
    ['https://example.org/home/page and packages/work/x, the root / and tmp', 0],
  ])('%s', (text, count) => {
    expect(inText('a.ts', text)).toHaveLength(count);
  });
});

test('first load: scripts and preloads, not what comes later', () => {
  const html = `<link rel="modulepreload" crossorigin href="/assets/b.js"><link rel="stylesheet" href="/c.css">
    <link rel="icon" href="/icon.svg"><script type="module" crossorigin src="/assets/a.js"></script>`;
  expect(scriptsOf(html)).toEqual(['assets/b.js', 'assets/a.js']);
});
