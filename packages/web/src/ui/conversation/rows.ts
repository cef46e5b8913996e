import type { MessageView, MessageWindow } from '@earshot/client';
import { dayOf } from '../dates.ts';

/** A message with what depends on its neighbours. */
export interface Row {
  readonly message: MessageView;
  /** The first of its day, as far as is known. */
  readonly startsDay: boolean;
  /** Follows closely on another message of the same author: drawn as one block with it. */
  readonly joined: boolean;
  /** Nothing was ever written before it. */
  readonly first: boolean;
  readonly last: boolean;
}

/** Messages of one author that are no further apart are one block, ms. */
const JOINED_MAX_MS = 5 * 60_000;

export const rowsOf = ({ messages, older }: MessageWindow): readonly Row[] =>
  messages.map((message, index) => {
    const before = messages[index - 1];
    // What lies before the window may be of the same day: its first message says no day until that is known.
    const startsDay = before === undefined ? older === 'none' : dayOf(before.wall) !== dayOf(message.wall);
    const close = before !== undefined && message.wall - before.wall <= JOINED_MAX_MS;
    return {
      message,
      startsDay,
      joined: close && !startsDay && before.from === message.from,
      first: before === undefined && older === 'none',
      last: index === messages.length - 1,
    };
  });
