import type { Result } from '@earshot/protocol';

/**
 * A durable, ordered map. Keys are short tuples, ordered element by element: numbers before strings, numbers by value,
 * strings by UTF-16 unit, a tuple before its extensions (as IndexedDB orders arrays). Values are structured-cloneable.
 * Reads reject once the store is gone.
 */
export interface StoragePort {
  get(key: StorageKey): Promise<unknown>;
  /** Entries whose key begins with `prefix`, in order. */
  list(prefix: StorageKey, options?: ListOptions): Promise<readonly StoredItem[]>;
  /**
   * All of it or nothing, durable when it answers `ok`: what follows survives a crash of the process.
   * `conflict`: a check didn't hold and nothing was written. `full`: no room, nothing was written. `broken`: the store is gone, and
   * whether it was written shows only when it is opened again.
   */
  commit(batch: Batch): Promise<Result<void, StorageFault>>;
}

export type StorageKey = readonly (string | number)[];
export interface StoredItem {
  readonly key: StorageKey;
  readonly value: unknown;
}

export interface ListOptions {
  /** Keys strictly after this one (before it, with `reverse`). It has the prefix. */
  readonly after?: StorageKey;
  readonly limit?: number;
  readonly reverse?: boolean;
}

export interface Batch {
  /** The key must hold this very number, or nothing (`null`). Compare-and-set: it makes a second writer harmless. */
  readonly checks?: readonly { readonly key: StorageKey; readonly is: number | null }[];
  readonly puts?: readonly StoredItem[];
  /** Before the puts. */
  readonly deletes?: readonly StorageKey[];
}

export type StorageFault = 'conflict' | 'full' | 'broken';
