import type { Result } from '@earshot/protocol';
import type { MessageState, MessageView, SendFault } from '../engine-types.ts';
import type { ReadMark } from './records.ts';

/** Where a message stands among the others: compared element by element. */
export type Order = readonly (number | string)[];

export interface Item {
  readonly order: Order;
  readonly id: string;
  readonly from: 'me' | 'them';
  readonly wall: number;
  readonly content: MessageView['content'];
}

export type SourceChange =
  | { readonly type: 'added'; readonly items: readonly Item[] }
  /** States of own messages may have changed. */
  | { readonly type: 'states' }
  | { readonly type: 'forked' };

/** Where a conversation's messages live: in signed logs, or loose where the other has no key or isn't known yet. */
export interface MessageSource {
  /** Items before `before` (or the newest), oldest first. */
  page(before: Order | null, limit: number): Promise<readonly Item[]>;
  state(item: Item): MessageState;
  append(text: string): Promise<Result<void, SendFault>>;
  /** Messages of others beyond the mark. */
  unread(mark: ReadMark): number;
  /** Everything that is here now. */
  everything(): ReadMark;
  /** Whether an author here has signed two different things as one. */
  forked(): boolean;
  subscribe(listener: (change: SourceChange) => void): () => void;
}

export const compareOrder = (a: Order, b: Order): number => {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]];
    if (x === undefined || y === undefined || x === y) continue;
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
};
