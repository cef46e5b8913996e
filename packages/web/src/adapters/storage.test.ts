import 'fake-indexeddb/auto';
import { storageConformance } from '@earshot/client/conformance';
import { deleteDB } from 'idb';
import { describe, expect, test } from 'vitest';
import { openIndexedDb } from './storage.ts';

let databases = 0;
const fresh = (): string => `test ${databases++}`;

describe('the store in IndexedDB', () => {
  test.each(storageConformance)('$name', async ({ run }) => {
    const name = fresh();
    await run(() => openIndexedDb(name));
  });
});

/** The next readwrite transaction of this page is shown to `meet` as it begins. */
const meetNextTransaction = (meet: (transaction: IDBTransaction) => void): void => {
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (...args) {
    IDBDatabase.prototype.transaction = transaction;
    const begun = transaction.apply(this, args);
    meet(begun);
    return begun;
  };
};

const put = (value: unknown) => ({
  puts: [
    { key: ['a'], value },
    { key: ['b'], value },
  ],
});

describe('what goes wrong', () => {
  test('an aborted transaction leaves nothing of itself, and all of what was before', async () => {
    const name = fresh();
    const store = await openIndexedDb(name);
    await store.commit(put('before'));
    meetNextTransaction((transaction) => {
      const items = transaction.objectStore('items');
      const real = items.put.bind(items);
      transaction.objectStore = () => {
        items.put = (value, key) => {
          const request = real(value, key);
          // As a process that dies between the writing and the end of the transaction.
          request.onsuccess = () => transaction.abort();
          return request;
        };
        items.transaction.commit = () => {};
        return items;
      };
    });
    expect(await store.commit(put('after'))).toEqual({ ok: false, error: 'broken' });
    const again = await openIndexedDb(name);
    expect(await again.list([])).toEqual([
      { key: ['a'], value: 'before' },
      { key: ['b'], value: 'before' },
    ]);
  });

  test('no room is `full`, and nothing was written', async () => {
    const store = await openIndexedDb(fresh());
    meetNextTransaction((transaction) => {
      Object.defineProperty(transaction, 'error', { get: () => new DOMException('No room', 'QuotaExceededError') });
      transaction.commit = () => transaction.abort();
    });
    expect(await store.commit(put(1))).toEqual({ ok: false, error: 'full' });
    expect(await store.list([])).toEqual([]);
    expect((await store.commit(put(2))).ok).toBe(true);
  });

  test('what can’t be stored is a bug of the caller’s, and nothing was written', async () => {
    const store = await openIndexedDb(fresh());
    await expect(
      store.commit({
        puts: [
          { key: ['a'], value: 1 },
          { key: ['b'], value: () => 1 },
        ],
      }),
    ).rejects.toThrow();
    expect(await store.list([])).toEqual([]);
  });

  test('once closed, reads reject and commits are `broken`', async () => {
    const store = await openIndexedDb(fresh());
    store.close();
    store.close();
    expect(await store.commit(put(1))).toEqual({ ok: false, error: 'broken' });
    await expect(store.get(['a'])).rejects.toThrow();
    await expect(store.list([])).rejects.toThrow();
  });

  test('lets go when another tab wants the database gone', async () => {
    const name = fresh();
    const store = await openIndexedDb(name);
    await store.commit(put(1));
    await deleteDB(name);
    expect(await store.commit(put(2))).toEqual({ ok: false, error: 'broken' });
    expect(await (await openIndexedDb(name)).list([])).toEqual([]);
  });

  test('asks for strict durability', async () => {
    const store = await openIndexedDb(fresh());
    const { transaction } = IDBDatabase.prototype;
    let options: IDBTransactionOptions | undefined;
    IDBDatabase.prototype.transaction = function (...args) {
      IDBDatabase.prototype.transaction = transaction;
      options = args[2];
      return transaction.apply(this, args);
    };
    await store.commit(put(1));
    expect(options).toEqual({ durability: 'strict' });
  });
});
