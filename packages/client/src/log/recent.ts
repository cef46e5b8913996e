import { type EntryBytes, type LogId, SYNC_WINDOW_BYTES } from '@earshot/protocol';
import { positionKey } from './vector.ts';
import type { ReadEntry } from './verify.ts';

/** What is kept in memory of the newest entries, bytes per conversation: what a peer that is connected lacks next. */
const RECENT_MAX_BYTES = SYNC_WINDOW_BYTES;

/** The newest stored entries, so that what was just written is sent, and what was just taken is known again, without asking the store. */
export class Recent {
  /** By position, oldest first. */
  readonly #entries = new Map<string, ReadEntry>();
  #bytes = 0;

  add(entry: ReadEntry): void {
    this.#entries.set(entry.position, entry);
    this.#bytes += entry.bytes;
    for (const [position, oldest] of this.#entries) {
      if (this.#bytes <= RECENT_MAX_BYTES) break;
      this.#entries.delete(position);
      this.#bytes -= oldest.bytes;
    }
  }

  find(position: string): ReadEntry | undefined {
    return this.#entries.get(position);
  }

  /** Entries of one log after `seq` up to `last`; `undefined` where the first of them isn't here. */
  after(log: LogId, seq: number, last: number): readonly EntryBytes[] | undefined {
    const found: EntryBytes[] = [];
    for (let next = seq + 1; next <= last; next++) {
      const entry = this.find(positionKey({ ...log, seq: next }))?.entry;
      if (!entry) break;
      found.push(entry);
    }
    return found.length > 0 ? found : undefined;
  }
}
