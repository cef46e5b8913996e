import { type EntryBytes, type LogId, SYNC_WINDOW_BYTES } from '@earshot/protocol';
import { positionKey } from './vector.ts';
import type { ReadEntry } from './verify.ts';

/** What is kept in memory of the newest entries, bytes per conversation: what a peer that is connected lacks next. */
const RECENT_MAX_BYTES = SYNC_WINDOW_BYTES;

/** The newest stored entries, so that what was just written is sent, and what was just taken is known again, without asking the store. */
export class Recent {
  readonly #entries = new Map<string, ReadEntry>();
  /** Positions, oldest first; those before `#oldest` are gone. A map whose first keys are deleted gets slow to begin. */
  #order: string[] = [];
  #oldest = 0;
  #bytes = 0;

  add(entry: ReadEntry): void {
    this.#entries.set(entry.position, entry);
    this.#order.push(entry.position);
    this.#bytes += entry.bytes;
    while (this.#bytes > RECENT_MAX_BYTES) this.#forget(this.#order[this.#oldest++] ?? '');
    if (this.#oldest < this.#order.length / 2) return;
    this.#order = this.#order.slice(this.#oldest);
    this.#oldest = 0;
  }

  #forget(position: string): void {
    this.#bytes -= this.#entries.get(position)?.bytes ?? 0;
    this.#entries.delete(position);
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
