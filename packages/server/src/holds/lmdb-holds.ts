import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parsePersonId } from '@earshot/protocol';
import { open } from 'lmdb';
import type { Hold, HoldStore } from '../introducer/types.ts';

/** Names longer than this in UTF-8 can't be: a key of the store takes 1,978 bytes. */
export interface DurableHolds extends HoldStore {
  close(): Promise<void>;
}

/** Holds in a file below `directory`. A write is durable when its promise resolves; many at once share one flush. */
export const openDurableHolds = (directory: string): DurableHolds => {
  mkdirSync(directory, { recursive: true });
  const store = open<[person: string, until: number], string>({ path: join(directory, 'names.mdb'), encoding: 'json' });
  let size = store.getKeysCount();
  /** Written, and not yet readable. `null`: deleted. */
  const underway = new Map<string, Hold | null>();

  const get = (folded: string): Hold | undefined => {
    const written = underway.get(folded);
    if (written !== undefined) return written ?? undefined;
    const [person, until] = store.get(folded) ?? [];
    const id = person === undefined ? undefined : parsePersonId(person);
    return id === undefined || until === undefined ? undefined : { person: id, until };
  };

  const write = async (folded: string, hold: Hold | null, done: Promise<boolean>): Promise<void> => {
    underway.set(folded, hold);
    try {
      await done;
    } finally {
      if (underway.get(folded) === hold) underway.delete(folded);
    }
  };

  return {
    get size() {
      return size;
    },
    get,
    put(folded, hold) {
      if (get(folded) === undefined) size++;
      return write(folded, hold, store.put(folded, [hold.person, hold.until]));
    },
    delete(folded) {
      if (get(folded) === undefined) return Promise.resolve();
      size--;
      return write(folded, null, store.remove(folded));
    },
    async sweep(now) {
      for (const { key, value } of store.getRange()) if (value[1] < now) await this.delete(key);
    },
    close: () => store.close(),
  };
};
