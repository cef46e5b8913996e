import { type DeviceId, SYNC_WINDOW_ENTRIES, type VectorEntries } from '@earshot/protocol';
import { describe, expect, test } from 'vitest';
import type { Loaded } from './outgoing.ts';
import { beginSync, type SyncEffect, type SyncEvent, stepSync } from './syncing.ts';

const ALICE = 'alice' as DeviceId;
const BOB = 'bob' as DeviceId;
const FREE: SyncEvent = { type: 'sent', channel: 'free' };

const at = (author: DeviceId, seq: number): VectorEntries[number] => ({ author, epoch: 0, seq });

const loadedOf = (from: number, to: number): readonly Loaded[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({
    place: { ...at(ALICE, from + i), lamport: from + i },
    entry: { header: Uint8Array.of(from + i), body: new Uint8Array(), signature: new Uint8Array() },
    bytes: 100,
  }));

const alices = (from: number, to: number): SyncEvent => ({
  type: 'loaded',
  log: { author: ALICE, epoch: 0 },
  entries: loadedOf(from, to),
});

/** The effects of the last of these events, after all the others. */
const lastEffects = (vector: VectorEntries, ...events: readonly SyncEvent[]): readonly SyncEffect[] => {
  let step = beginSync(vector);
  for (const event of events) step = stepSync(step.syncing, event);
  return step.effects;
};

const kinds = (effects: readonly SyncEffect[]): readonly string[] => effects.map(({ type }) => type);

/** The numbers of the entries that go out. */
const going = (effects: readonly SyncEffect[]): readonly (number | undefined)[] =>
  effects.flatMap((effect) => (effect.type === 'entries' ? effect.entries.map(({ header }) => header[0]) : []));

const taken = (entries: number): SyncEvent => ({ type: 'taken', amount: { entries, bytes: entries * 100 } });
const came = (entries: number): SyncEvent => ({
  type: 'entries',
  entries: loadedOf(1, entries).map(({ entry }) => entry),
  bytes: entries * 100,
});

describe('when this side says what it has', () => {
  const quarter = SYNC_WINDOW_ENTRIES / 4;
  test.each<[string, readonly SyncEvent[], boolean]>([
    ['all that came is stored', [came(3), taken(3)], true],
    ['some is stored, more is coming', [came(1), came(5), taken(1)], false],
    ['a quarter of the window is stored, more is coming', [came(quarter), came(5), taken(quarter)], true],
    ['a quarter is stored in small parts', [came(quarter), came(5), taken(quarter - 1), taken(1)], true],
    ['others brought something', [{ type: 'grew', vector: [at(BOB, 1)], by: 'others' }], true],
    [
      'others brought something while more is coming',
      [came(5), { type: 'grew', vector: [at(BOB, 1)], by: 'others' }],
      false,
    ],
    ['it wrote something', [{ type: 'grew', vector: [at(ALICE, 1)], by: 'self' }], false],
    ['nothing came', [came(0)], false],
  ])('%s', (_, events, says) => {
    expect(kinds(lastEffects([], FREE, ...events)).includes('have')).toBe(says);
  });
});

describe('what goes out', () => {
  const greeted = [FREE, { type: 'have', vector: [] }] as const;
  test('a load that the peer has overtaken brings only what it lacks', () => {
    const overtaken: SyncEvent = { type: 'have', vector: [at(ALICE, 3)] };
    expect(going(lastEffects([at(ALICE, 5)], ...greeted, overtaken, alices(1, 5)))).toEqual([4, 5]);
  });

  test('what waits for the channel and the peer has meanwhile doesn’t go', () => {
    const events: readonly SyncEvent[] = [
      { type: 'have', vector: [] },
      { type: 'sent', channel: 'full' },
      alices(1, 5),
      { type: 'have', vector: [at(ALICE, 3)] },
      { type: 'drained' },
    ];
    expect(going(lastEffects([at(ALICE, 5)], ...events))).toEqual([4, 5]);
  });

  test('a load that is wholly overtaken is asked for again, from where the peer is', () => {
    const overtaken: SyncEvent = { type: 'have', vector: [at(ALICE, 3)] };
    const [load] = lastEffects([at(ALICE, 5)], ...greeted, overtaken, alices(1, 2));
    expect(load).toMatchObject({ type: 'load', after: at(ALICE, 3) });
  });

  test('a store that lacks what it had said ends it', () => {
    expect(lastEffects([at(ALICE, 5)], ...greeted, alices(1, 0))).toEqual([{ type: 'fail', fault: 'broken' }]);
  });

  test('while a log is being read, nothing is sent that might have to come after its next', () => {
    const both = [at(ALICE, 5), at(BOB, 1)];
    expect(kinds(lastEffects(both, ...greeted))).toEqual(['record', 'load', 'load']);
    expect(going(lastEffects(both, ...greeted, alices(1, 5)))).toEqual([]);
    const bobs: SyncEvent = {
      type: 'loaded',
      log: { author: BOB, epoch: 0 },
      entries: loadedOf(3, 3).map((one) => ({ ...one, place: { ...at(BOB, 1), lamport: 2 } })),
    };
    expect(going(lastEffects(both, ...greeted, alices(1, 5), bobs))).toEqual([1, 2, 3, 3, 4, 5]);
  });
});

test('what the peer has is recorded one at a time, the newest last, and it never seems to shrink', () => {
  const have = (seq: number): SyncEvent => ({ type: 'have', vector: [at(ALICE, seq)] });
  const own = [at(ALICE, 9)];
  expect(lastEffects(own, FREE, have(1))).toContainEqual({ type: 'record', vector: [at(ALICE, 1)] });
  expect(kinds(lastEffects(own, FREE, have(1), have(5)))).not.toContain('record');
  const next = lastEffects(own, FREE, have(1), have(5), have(3), { type: 'recorded' });
  expect(next).toContainEqual({ type: 'record', vector: [at(ALICE, 5)] });
  expect(kinds(lastEffects(own, FREE, have(1), { type: 'recorded' }))).not.toContain('record');
});

test.each<[string, SyncEvent]>([
  ['closed', { type: 'closed' }],
  ['failed', { type: 'failed', fault: 'full' }],
  ['gone', { type: 'sent', channel: 'gone' }],
])('once %s, nothing has an effect', (_, event) => {
  const ends: readonly SyncEvent[] = [
    FREE,
    { type: 'have', vector: [] },
    alices(1, 2),
    came(1),
    taken(1),
    { type: 'drained' },
  ];
  for (const after of ends) expect(lastEffects([at(ALICE, 2)], event, after)).toEqual([]);
});
