import { fail, ok, WAITING_MAX_TEXTS } from '@earshot/protocol';
import { expect, test } from 'vitest';
import type { ConversationKey } from '../engine-types.ts';
import { createVirtualClock } from '../memory/clock.ts';
import { createMemoryCrypto, createMemoryDisk, type MemoryDisk } from '../memory/index.ts';
import { LooseSource } from './loose-source.ts';

const key = 'c' as ConversationKey;
const crypto = createMemoryCrypto(1);
const open = (disk: MemoryDisk): Promise<LooseSource> =>
  LooseSource.open({ storage: disk.open(), crypto, clock: createVirtualClock() }, key);
const texts = async (source: LooseSource): Promise<string[]> =>
  (await source.page(null, 100)).map(({ content }) => (content.kind === 'text' ? content.text : '?'));

test('what was written is there after a restart, in order, queued', async () => {
  const disk = createMemoryDisk();
  const source = await open(disk);
  await Promise.all(['one', 'two', 'three'].map((text) => source.append(text)));
  const again = await open(disk);
  expect(await texts(again)).toEqual(['one', 'two', 'three']);
  expect((await again.page(null, 9)).map((item) => again.state(item))).toEqual(['queued', 'queued', 'queued']);
});

test('what a plain client took stays sent', async () => {
  const disk = createMemoryDisk();
  const source = await open(disk);
  await source.append('one');
  const [message] = source.queued();
  if (message) await source.sent(message);
  const again = await open(disk);
  expect(again.queued()).toEqual([]);
  expect((await again.page(null, 9)).map((item) => again.state(item))).toEqual(['sent']);
});

test('what others said is unread until it was read', async () => {
  const source = await open(createMemoryDisk());
  await source.append('mine');
  await source.receive('theirs');
  expect(source.unread({ logs: [], loose: 0 })).toBe(1);
  expect(source.unread(source.everything())).toBe(0);
});

test('a second writer on the same store is refused, and overwrites nothing', async () => {
  const disk = createMemoryDisk();
  const [first, second] = [await open(disk), await open(disk)];
  expect(await first.append('first')).toEqual(ok(undefined));
  expect(await second.append('second')).toEqual(fail('storage_broken'));
  expect(await texts(await open(disk))).toEqual(['first']);
});

test('what comes while the messages move follows them', async () => {
  const [from, to] = [await open(createMemoryDisk()), await open(createMemoryDisk())];
  await from.append('before');
  const moving = from.moveQueued(to, async (queued) => {
    for (const { text } of queued) await to.append(text);
    return ok(undefined);
  });
  const during = from.append('during');
  await Promise.all([moving, during]);
  expect(await texts(to)).toEqual(['before', 'during']);
  expect(from.queued()).toEqual([]);
});

test('a move that fails leaves everything where it was', async () => {
  const [from, to] = [await open(createMemoryDisk()), await open(createMemoryDisk())];
  await from.append('before');
  expect(await from.moveQueued(to, async () => fail('full'))).toEqual(fail('full'));
  await from.append('after');
  expect(await texts(from)).toEqual(['before', 'after']);
});

test('texts that wait for somebody never met are bounded', async () => {
  const source = await open(createMemoryDisk());
  for (let i = 0; i < WAITING_MAX_TEXTS; i++) await source.append(`${i}`);
  expect(await source.append('one more')).toEqual(fail('too_many_waiting'));
});
