import type { MessageView, MessageWindow } from '@earshot/client';
import { describe, expect, it } from 'vitest';
import { rowsOf } from './rows.ts';

const MINUTE_MS = 60_000;
const noon = new Date('2026-03-18T12:00:00').getTime();

const message = (id: string, from: 'me' | 'them', minutes: number): MessageView => {
  const common = { id, wall: noon + minutes * MINUTE_MS, content: { kind: 'text', text: id } } as const;
  return from === 'me' ? { ...common, from, state: 'queued' } : { ...common, from };
};

const shape = (window: MessageWindow): readonly string[] =>
  rowsOf(window).map(({ message, startsDay, joined, first, last }) =>
    [message.id, startsDay && 'day', joined && 'joined', first && 'first', last && 'last'].filter(Boolean).join(' '),
  );

describe('rows', () => {
  it('join what one author wrote within five minutes', () => {
    const messages = [
      message('a', 'me', 0),
      message('b', 'me', 5),
      message('c', 'me', 11),
      message('d', 'them', 12),
      message('e', 'them', 12),
    ];
    expect(shape({ messages, older: 'none' })).toEqual(['a day first', 'b joined', 'c', 'd', 'e joined last']);
  });

  it('begin a day where the day changes, also within one block', () => {
    const messages = [message('a', 'me', -13 * 60), message('b', 'me', 719), message('c', 'me', 721)];
    expect(shape({ messages, older: 'none' })).toEqual(['a day first', 'b day', 'c day last']);
  });

  it.each(['some', 'loading'] as const)('say no day for the first while older ones are %s', (older) => {
    expect(shape({ messages: [message('a', 'me', 0), message('b', 'me', 1)], older })).toEqual(['a', 'b joined last']);
  });

  it('keep the order of the window, also where clocks disagree', () => {
    const messages = [message('a', 'them', 3), message('b', 'me', 0)];
    expect(shape({ messages, older: 'none' })).toEqual(['a day first', 'b last']);
  });
});
