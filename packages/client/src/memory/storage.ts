import { fail, ok, type Result } from '@earshot/protocol';
import type { Batch, ListOptions, StorageFault, StorageKey, StoragePort, StoredItem } from '../ports/index.ts';
import { compareKeys, copyValue, hasPrefix } from './storage-order.ts';

/** What becomes of a commit. */
export type CommitFate =
  /** It is done and answered. */
  | 'done'
  /** Nothing is written, and the answer says `full`. */
  | 'full'
  /** The store is gone for this process, before or after the commit took hold: it can't tell which. */
  | 'broken_before'
  | 'broken_after'
  /** The process dies before or after the commit took hold: nothing is ever answered. */
  | 'crash_before'
  | 'crash_after';

export interface MemoryStorageOptions {
  /** Asked at each commit whose checks hold. `number` counts the commits of this process from 1. */
  readonly fate?: (batch: Batch, number: number) => CommitFate;
  /** Told when a fate killed the process, so that a simulation can start another. */
  readonly crashed?: () => void;
}

/** One process's view of a disk. */
export interface MemoryStorage extends StoragePort {
  /** The process dies: nothing that it asked for is answered any more, and nothing that it asks later happens. */
  crash(): void;
  /** The store is gone for this process: reads reject, commits answer `broken`. */
  close(): void;
}

/** What survives a process. Any number of processes may have it open. */
export interface MemoryDisk {
  open(options?: MemoryStorageOptions): MemoryStorage;
  /** The disk as it is now, on its own: for a store that goes back in time. */
  copy(): MemoryDisk;
  /** Everything, in order. */
  items(): readonly StoredItem[];
}

export const createMemoryDisk = (items: readonly StoredItem[] = []): MemoryDisk => {
  const sorted = [...items];
  return {
    open: (options = {}) => new OpenDisk(sorted, options),
    copy: () => createMemoryDisk(sorted),
    items: () => sorted.map(({ key, value }) => ({ key, value: copyValue(value) })),
  };
};

const NEVER: Promise<never> = new Promise(() => {});

class OpenDisk implements MemoryStorage {
  /** Shared with the other processes; replaced item by item, never an item's inside. */
  readonly #items: StoredItem[];
  readonly #options: MemoryStorageOptions;
  #process: 'running' | 'closed' | 'dead' = 'running';
  #commits = 0;

  constructor(items: StoredItem[], options: MemoryStorageOptions) {
    this.#items = items;
    this.#options = options;
  }

  get(key: StorageKey): Promise<unknown> {
    return this.#read(() => copyValue(this.#find(key)?.value));
  }

  list(prefix: StorageKey, options: ListOptions = {}): Promise<readonly StoredItem[]> {
    return this.#read(() => this.#list(prefix, options));
  }

  commit(batch: Batch): Promise<Result<void, StorageFault>> {
    if (this.#process === 'dead') return NEVER;
    if (this.#process === 'closed') return Promise.resolve(fail('broken'));
    for (const { key, is } of batch.checks ?? []) {
      if ((this.#find(key)?.value ?? null) !== is) return Promise.resolve(fail('conflict'));
    }
    this.#commits++;
    const fate = this.#options.fate?.(batch, this.#commits) ?? 'done';
    if (fate === 'full') return Promise.resolve(fail('full'));
    if (fate === 'done' || fate === 'broken_after' || fate === 'crash_after') this.#apply(batch);
    if (fate === 'done') return Promise.resolve(ok(undefined));
    if (fate === 'broken_before' || fate === 'broken_after') {
      this.close();
      return Promise.resolve(fail('broken'));
    }
    this.crash();
    this.#options.crashed?.();
    return NEVER;
  }

  crash(): void {
    this.#process = 'dead';
  }

  close(): void {
    if (this.#process === 'running') this.#process = 'closed';
  }

  #read<T>(read: () => T): Promise<T> {
    if (this.#process === 'dead') return NEVER;
    if (this.#process === 'closed') return Promise.reject(new Error('The store is gone'));
    return Promise.resolve(read());
  }

  #list(prefix: StorageKey, { after, limit = Number.POSITIVE_INFINITY, reverse }: ListOptions): StoredItem[] {
    const found: StoredItem[] = [];
    const step = reverse ? -1 : 1;
    let at = reverse ? this.#lastBefore(prefix, after) : after ? this.#firstAfter(after) : this.#firstFrom(prefix);
    for (; found.length < limit; at += step) {
      const item = this.#items[at];
      if (!item || !hasPrefix(item.key, prefix)) break;
      found.push({ key: item.key, value: copyValue(item.value) });
    }
    return found;
  }

  #lastBefore(prefix: StorageKey, after: StorageKey | undefined): number {
    if (after) return this.#firstFrom(after) - 1;
    return this.#first((key) => compareKeys(key, prefix) > 0 && !hasPrefix(key, prefix)) - 1;
  }

  #firstFrom(key: StorageKey): number {
    return this.#first((other) => compareKeys(other, key) >= 0);
  }

  #firstAfter(key: StorageKey): number {
    return this.#first((other) => compareKeys(other, key) > 0);
  }

  /** The first place whose key is beyond, by halving; `beyond` is false up to somewhere and true from there. */
  #first(beyond: (key: StorageKey) => boolean): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const item = this.#items[middle];
      if (item && !beyond(item.key)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #find(key: StorageKey): StoredItem | undefined {
    const item = this.#items[this.#firstFrom(key)];
    return item && compareKeys(item.key, key) === 0 ? item : undefined;
  }

  #apply(batch: Batch): void {
    for (const key of batch.deletes ?? []) {
      const at = this.#firstFrom(key);
      const item = this.#items[at];
      if (item && compareKeys(item.key, key) === 0) this.#items.splice(at, 1);
    }
    for (const { key, value } of batch.puts ?? []) {
      const at = this.#firstFrom(key);
      const item = this.#items[at];
      const replaced = item && compareKeys(item.key, key) === 0 ? 1 : 0;
      this.#items.splice(at, replaced, { key: [...key], value: copyValue(value) });
    }
  }
}
