import type { ConversationNotice, LineStatus } from '@earshot/client';
import { describe, expect, it } from 'vitest';
import { words } from './words.ts';

const lines: readonly LineStatus[] = [
  { state: 'away' },
  { state: 'offline' },
  { state: 'connecting', phase: 'looking' },
  { state: 'connecting', phase: 'asking' },
  { state: 'connecting', phase: 'opening' },
  { state: 'connecting', phase: 'verifying' },
  { state: 'direct', roundTripMs: null, code: null },
  { state: 'relayed', roundTripMs: 80, code: null },
];

describe('the state of the line', () => {
  const all = Object.values(words.lineWord);
  const cases = lines.flatMap((line) => [true, false].map((plain) => ({ line, plain })));

  it.each(cases)('$line.state (plain: $plain) is said with no word of another state', ({ line, plain }) => {
    const said = `${words.lineWord[line.state]} ${words.lineSentence(line, 'Bob', plain)}`;
    const found = all.filter((word) => new RegExp(word, 'i').test(said));
    expect(found).toEqual([words.lineWord[line.state]]);
  });

  it.each(lines)('$state promises encryption only to who has a key', (line) => {
    expect(words.lineSentence(line, 'Bob', true)).not.toMatch(/encrypted/i);
  });
});

describe('the title', () => {
  it.each([
    [null, 0, 'Earshot'],
    ['Bob', 0, 'Bob · Earshot'],
    ['Bob', 2, '(2) Bob · Earshot'],
    [null, 1200, '(1,200) Earshot'],
  ])('of %s with %i unread', (place, unread, title) => expect(words.title(place, unread)).toBe(title));
});

describe('counts', () => {
  it.each([
    [1, '1 unread message'],
    [2, '2 unread messages'],
    [0, '0 unread messages'],
  ])('%i', (number, text) => expect(words.home.unread(number)).toBe(text));
});

describe('a notice', () => {
  const kinds: readonly ConversationNotice['kind'][] = ['key_changed', 'forked', 'not_proved', 'declined', 'blocked'];
  it.each(kinds)('%s names whom it is about', (kind) => expect(words.notice.text[kind]('Zoë')).toContain('Zoë'));
});
