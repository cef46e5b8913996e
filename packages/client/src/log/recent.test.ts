import type { DeviceId, EntryId } from '@earshot/protocol';
import { expect, test } from 'vitest';
import { Recent } from './recent.ts';
import { positionKey } from './vector.ts';
import type { ReadEntry } from './verify.ts';

const log = { author: 'alice' as DeviceId, epoch: 0 };
const KIBIBYTE = 1024;

const entry = (seq: number): ReadEntry => ({
  entry: { header: Uint8Array.of(seq % 256), body: new Uint8Array(), signature: new Uint8Array() },
  header: {
    ...log,
    seq,
    conversation: 'c' as ReadEntry['header']['conversation'],
    prev: null,
    deps: [],
    lamport: seq,
    wall: 0,
    bodyHash: new Uint8Array(),
  },
  id: `${seq}` as EntryId,
  body: { kind: 'unknown', salt: new Uint8Array(), code: 9 },
  log: 'alice 0',
  position: positionKey({ ...log, seq }),
  bytes: KIBIBYTE,
});

test('keeps the newest 256 KiB', () => {
  const recent = new Recent();
  for (let seq = 1; seq <= 1000; seq++) recent.add(entry(seq));
  const has = (seq: number): boolean => recent.find(positionKey({ ...log, seq })) !== undefined;
  expect([744, 745, 1000].map(has)).toEqual([false, true, true]);
  expect(recent.after(log, 700, 800)).toBeUndefined();
  expect(recent.after(log, 744, 1000)).toHaveLength(256);
  expect(recent.after(log, 998, 2000)).toHaveLength(2);
  expect(recent.after(log, 1000, 2000)).toBeUndefined();
});
