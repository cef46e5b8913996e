import { describe, expect, it } from 'vitest';
import { findEmoji, parseEmojiList } from './find.ts';

const list = parseEmojiList(
  '0\t😀\tgrinning face\thappy smile\n1\t🧑‍🚀\tastronaut\trocket\n5\t🚀\trocket\tspace launch\n5\t🛰️\tsatellite\tspace',
);
const found = (query: string, max = 10): string =>
  findEmoji(list, query, max)
    .map(({ emoji }) => emoji)
    .join('');

describe('finding emoji', () => {
  it.each([
    ['rock', '🚀🧑‍🚀'],
    ['space', '🚀🛰️'],
    ['SPACE lau', '🚀'],
    ['face', '😀'],
    ['ace', ''],
    ['', '😀🧑‍🚀🚀🛰️'],
  ])('%j finds %s', (query, emoji) => expect(found(query)).toBe(emoji));

  it('finds no more than asked for', () => expect(found('space', 1)).toBe('🚀'));

  it('keeps groups', () => expect(list.map(({ group }) => group)).toEqual([0, 1, 5, 5]));
});
