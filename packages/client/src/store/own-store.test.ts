import { expect, test } from 'vitest';
import { createMemoryDisk, type MemoryStorage } from '../memory/storage.ts';
import type { StorageKey, StoragePort } from '../ports/index.ts';
import { brokenStore, ownStore, StoreGone } from './own-store.ts';

const KEY: StorageKey = ['something'];
const PUT = { puts: [{ key: KEY, value: 1 }] };
const OK = { ok: true, value: undefined };

const own = async (storage: StoragePort): Promise<{ store: StoragePort; lost: () => number }> => {
  let lost = 0;
  const store = await ownStore(storage, () => lost++);
  if (!store.ok) throw new Error(store.error);
  return { store: store.value, lost: () => lost };
};

test('the first and only writer writes and reads', async () => {
  const { store, lost } = await own(createMemoryDisk().open());
  expect(await store.commit(PUT)).toEqual(OK);
  expect(await store.get(KEY)).toBe(1);
  expect(await store.list(KEY)).toHaveLength(1);
  expect(lost()).toBe(0);
});

test('what an earlier writer still wants to write never happens, and it hears so once', async () => {
  const disk = createMemoryDisk();
  const first = await own(disk.open());
  const second = await own(disk.open());
  expect(await first.store.commit(PUT)).toEqual({ ok: false, error: 'broken' });
  expect(await first.store.commit(PUT)).toEqual({ ok: false, error: 'broken' });
  expect(await second.store.get(KEY)).toBeUndefined();
  expect(await second.store.commit(PUT)).toEqual(OK);
  expect([first.lost(), second.lost()]).toEqual([1, 0]);
});

test('of many that begin at one moment the last goes on alone', async () => {
  const disk = createMemoryDisk();
  const all = await Promise.all([1, 2, 3].map(() => own(disk.open())));
  const outcomes = await Promise.all(all.map(({ store }) => store.commit(PUT)));
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
});

test('a check of the writer’s own that doesn’t hold is a conflict, and nothing is lost', async () => {
  const { store, lost } = await own(createMemoryDisk().open());
  expect(await store.commit({ ...PUT, checks: [{ key: KEY, is: 7 }] })).toEqual({ ok: false, error: 'conflict' });
  expect(lost()).toBe(0);
});

test('a full store can be written again later', async () => {
  let full = false;
  const { store, lost } = await own(createMemoryDisk().open({ fate: () => (full ? 'full' : 'done') }));
  full = true;
  expect(await store.commit(PUT)).toEqual({ ok: false, error: 'full' });
  full = false;
  expect(await store.commit(PUT)).toEqual(OK);
  expect(lost()).toBe(0);
});

test.each<readonly [string, (store: StoragePort) => Promise<unknown>]>([
  ['get', (store) => store.get(KEY)],
  ['list', (store) => store.list(KEY)],
])('%s of a store that is gone says so in one way', async (_, read) => {
  const storage: MemoryStorage = createMemoryDisk().open();
  const { store, lost } = await own(storage);
  storage.close();
  await expect(read(store)).rejects.toBeInstanceOf(StoreGone);
  await expect(read(store)).rejects.toBeInstanceOf(StoreGone);
  expect(lost()).toBe(1);
});

test('a store that was never there can’t be owned', async () => {
  const storage = createMemoryDisk().open();
  storage.close();
  expect(await ownStore(storage, () => undefined).catch(brokenStore)).toEqual({ ok: false, error: 'broken' });
});

test('a bug isn’t taken for a broken store', () => {
  expect(() => brokenStore(new Error('Bug'))).toThrow('Bug');
});
