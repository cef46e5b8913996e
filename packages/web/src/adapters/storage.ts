import type { Batch, ListOptions, StorageFault, StorageKey, StoragePort, StoredItem } from '@earshot/client';
import { fail, ok, type Result } from '@earshot/protocol';
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, unwrap } from 'idb';

const STORE = 'items';
type Key = (string | number)[];
interface Schema extends DBSchema {
  readonly [STORE]: { readonly key: Key; readonly value: unknown };
}
type Items = IDBPTransaction<Schema, [typeof STORE], IDBTransactionMode>['store'];

export interface IndexedDbStorage extends StoragePort {
  /** Idempotent. What is under way is finished; then the store is gone for this page. */
  close(): void;
}

/**
 * A store in IndexedDB: one object store, whose keys are the port's, for IndexedDB orders arrays just so. Rejects where the
 * browser has no storage for this page. Another tab that wants the database in another shape, or gone, gets it: this one is closed then.
 */
export const openIndexedDb = async (name: string): Promise<IndexedDbStorage> => {
  const database = await openDB<Schema>(name, 1, {
    upgrade: (created) => {
      created.createObjectStore(STORE);
    },
    blocking: () => database.close(),
  });
  return {
    get: async (key) => database.get(STORE, [...key]),
    list: async (prefix, options = {}) => list(database.transaction(STORE).store, prefix, options),
    commit: (batch) => commit(database, batch),
    close: () => database.close(),
  };
};

const commit = async (database: IDBPDatabase<Schema>, batch: Batch): Promise<Result<void, StorageFault>> => {
  const transaction = begin(database);
  if (!transaction) return fail('broken');
  const done = transaction.done.then(
    (): Result<void, StorageFault> => ok(undefined),
    (error: unknown): Result<void, StorageFault> => fail(isNamed(error, 'QuotaExceededError') ? 'full' : 'broken'),
  );
  try {
    if (!(await hold(transaction.store, batch.checks ?? []))) {
      transaction.abort();
      await done;
      return fail('conflict');
    }
    write(unwrap(transaction), batch);
  } catch (error) {
    if (isBug(error)) {
      transaction.abort();
      await done;
      throw error;
    }
    // The transaction ended by itself: its own answer says why.
  }
  return done;
};

/** `strict`: complete means that it reached the disk, not only the system's buffers. `null`: the database is closed. */
const begin = (database: IDBPDatabase<Schema>): IDBPTransaction<Schema, [typeof STORE], 'readwrite'> | null => {
  try {
    return database.transaction(STORE, 'readwrite', { durability: 'strict' });
  } catch {
    return null;
  }
};

const hold = async (items: Items, checks: NonNullable<Batch['checks']>): Promise<boolean> => {
  const values = await Promise.all(checks.map(({ key }) => items.get([...key])));
  return checks.every(({ is }, i) => (values[i] ?? null) === is);
};

/** On the bare object store: a promise for each of a thousand puts would cost more than the puts. */
const write = (transaction: IDBTransaction, { puts = [], deletes = [] }: Batch): void => {
  const items = transaction.objectStore(STORE);
  for (const key of deletes) items.delete([...key]);
  for (const { key, value } of puts) items.put(value, [...key]);
  transaction.commit();
};

const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

/** A value that can't be stored or a key that is none: no store could take it. */
const isBug = (error: unknown): boolean => isNamed(error, 'DataCloneError', 'DataError');

const list = async (items: Items, prefix: StorageKey, options: ListOptions): Promise<readonly StoredItem[]> => {
  const { after, limit = Number.POSITIVE_INFINITY, reverse = false } = options;
  // Nothing comes before the prefix itself; and IndexedDB takes 0 for "all".
  if (limit <= 0 || (reverse && after?.length === prefix.length)) return [];
  const range = rangeOf(prefix, reverse, after);
  return reverse ? backwards(items, range, limit) : forwards(items, range, limit);
};

/** An array is above every number and text, so that nothing with the prefix is above the prefix and an array. */
const rangeOf = (prefix: StorageKey, reverse: boolean, after: StorageKey | undefined): IDBKeyRange => {
  const end = [...prefix, []];
  if (!after) return IDBKeyRange.bound([...prefix], end);
  return reverse ? IDBKeyRange.bound([...prefix], [...after], false, true) : IDBKeyRange.bound([...after], end, true);
};

const forwards = async (items: Items, range: IDBKeyRange, limit: number): Promise<StoredItem[]> => {
  const count = Number.isFinite(limit) ? limit : undefined;
  const [keys, values] = await Promise.all([items.getAllKeys(range, count), items.getAll(range, count)]);
  return keys.map((key, i) => ({ key, value: values[i] }));
};

/** Finds where the last `limit` items begin, then reads them at once: a cursor over them all takes a turn of the loop for each. */
const backwards = async (items: Items, range: IDBKeyRange, limit: number): Promise<StoredItem[]> => {
  let beginning = range;
  if (Number.isFinite(limit)) {
    const last = await items.openKeyCursor(range, 'prev');
    if (!last) return [];
    const end = last.key;
    const begin = limit === 1 ? last : await last.advance(limit - 1);
    if (begin) beginning = IDBKeyRange.bound(begin.key, end);
  }
  return (await forwards(items, beginning, Number.POSITIVE_INFINITY)).reverse();
};
