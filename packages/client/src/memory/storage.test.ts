import { describe, expect, test } from 'vitest';
import { storageConformance } from '../conformance/storage.ts';
import { type CommitFate, createMemoryDisk } from './storage.ts';

describe('the memory storage', () => {
  test.each(storageConformance)('$name', async ({ run }) => {
    const disk = createMemoryDisk();
    await run(async () => disk.open());
  });
});

const put = { puts: [{ key: ['a'], value: 1 }] };

/** What a promise has come to once everything that is due has run. */
const outcomeOf = async (promise: Promise<unknown>): Promise<unknown> => {
  let outcome: unknown = 'unanswered';
  void promise.then(
    (value) => (outcome = value),
    () => (outcome = 'rejected'),
  );
  for (let i = 0; i < 5; i++) await Promise.resolve();
  return outcome;
};

test.each<[CommitFate, unknown, number, unknown]>([
  ['done', { ok: true, value: undefined }, 1, 1],
  ['full', { ok: false, error: 'full' }, 0, undefined],
  ['broken_before', { ok: false, error: 'broken' }, 0, 'rejected'],
  ['broken_after', { ok: false, error: 'broken' }, 1, 'rejected'],
  ['crash_before', 'unanswered', 0, 'unanswered'],
  ['crash_after', 'unanswered', 1, 'unanswered'],
])('a commit whose fate is %s', async (fate, answer, written, readLater) => {
  const disk = createMemoryDisk();
  let crashes = 0;
  const store = disk.open({ fate: () => fate, crashed: () => crashes++ });
  expect(await outcomeOf(store.commit(put))).toEqual(answer);
  expect(disk.items()).toHaveLength(written);
  expect(await outcomeOf(store.get(['a']))).toBe(readLater);
  expect(crashes).toBe(fate.startsWith('crash') ? 1 : 0);
  expect(await disk.open().get(['a'])).toBe(written ? 1 : undefined);
});

test('a process that was killed writes nothing any more; another does', async () => {
  const disk = createMemoryDisk();
  const [first, second] = [disk.open(), disk.open()];
  first.crash();
  expect(await outcomeOf(first.commit(put))).toBe('unanswered');
  expect(disk.items()).toEqual([]);
  expect(await second.commit(put)).toEqual({ ok: true, value: undefined });
});

test('a copy of a disk goes its own way', async () => {
  const disk = createMemoryDisk();
  await disk.open().commit(put);
  const before = disk.copy();
  await disk.open().commit({ deletes: [['a']] });
  expect(before.items()).toEqual([{ key: ['a'], value: 1 }]);
  expect(disk.items()).toEqual([]);
});
