import {
  conversationIdOf,
  type EntryBytes,
  type EntryHeader,
  SYNC_HELD_MAX_ENTRIES,
  VECTOR_MAX_LOGS,
} from '@earshot/protocol';
import { describe, expect, test } from 'vitest';
import { createMemoryDisk } from '../memory/storage.ts';
import { createRig, type Forged, type Rig, type RigDevice } from './rig.ts';
import type { ConversationLog, LogChange } from './types.ts';

const ALL = { entries: 100_000, bytes: Number.POSITIVE_INFINITY };
const OK = { ok: true, value: undefined };
const VIOLATION = { ok: false, error: 'violation' };
const CONFLICT = { ok: false, error: 'conflict' };

interface Stage {
  readonly rig: Rig;
  readonly alice: RigDevice;
  readonly bob: RigDevice;
  readonly carol: RigDevice;
  /** Alice's, with two entries of hers and these two of Bob's; and what it told since. */
  readonly log: ConversationLog;
  readonly first: Forged;
  readonly second: Forged;
  readonly changes: LogChange[];
}

const after = (entry: Forged): Partial<EntryHeader> => ({
  seq: entry.header.seq + 1,
  prev: entry.id,
  lamport: entry.header.lamport + 1,
});

const on = ({ header, id }: Forged): EntryHeader['deps'][number] => ({
  author: header.author,
  epoch: header.epoch,
  seq: header.seq,
  id,
});

const stage = async (): Promise<Stage> => {
  const rig = await createRig(3);
  const [alice, bob, carol] = rig.devices;
  if (!alice || !bob || !carol) throw new Error('three devices');
  const log = await alice.start();
  for (const text of ['mine', 'mine too']) expect((await log.append([rig.text(text)])).ok).toBe(true);
  const first = await rig.forge(bob, {});
  const second = await rig.forge(bob, after(first));
  expect(await log.receive([first.entry, second.entry])).toEqual(OK);
  const changes: LogChange[] = [];
  log.subscribe((change) => changes.push(change));
  return { rig, alice, bob, carol, log, first, second, changes };
};

const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

type Make = (stage: Stage) => Promise<EntryBytes>;

/** Bob's third entry, right but for what is given. */
const third =
  (given: (stage: Stage) => Partial<EntryHeader>, body?: Uint8Array): Make =>
  async (at) =>
    (await at.rig.forge(at.bob, { ...after(at.second), ...given(at) }, body)).entry;

const spoilt =
  (spoil: (entry: EntryBytes) => Partial<EntryBytes>): Make =>
  async (at) => {
    const entry = await third(() => ({}))(at);
    return { ...entry, ...spoil(entry) };
  };

describe('what nobody honest sends is a violation, and nothing that came with it is stored', () => {
  test.each<[string, Make]>([
    ['a header that can’t be read', spoilt(({ header }) => ({ header: header.slice(0, -1) }))],
    ['another conversation', third(({ first }) => ({ conversation: conversationIdOf(first.header.bodyHash) }))],
    ['an author who has no part in it', async ({ rig }) => (await rig.forge(rig.stranger, {})).entry],
    ['a body that isn’t the signed one', spoilt(({ body }) => ({ body: flip(body, 20) }))],
    ['a body that can’t be read', third(() => ({}), Uint8Array.of(1, 2, 3))],
    ['a signature of nobody', spoilt(({ signature }) => ({ signature: flip(signature, 5) }))],
    [
      'the signature of somebody else',
      async ({ rig, bob, carol, second }) => (await rig.forge(carol, { ...after(second), author: bob.id })).entry,
    ],
    ['a count that isn’t above the one before', third(({ second }) => ({ lamport: second.header.lamport }))],
    ['a count that runs ahead', third(() => ({ lamport: Number.MAX_SAFE_INTEGER }))],
    [
      'a dependence on another entry than the newest',
      third(({ alice, second }) => ({ deps: [{ ...on(second), author: alice.id }] })),
    ],
    [
      'a dependence on another entry than an older one',
      third(({ alice, first }) => ({ deps: [{ ...on(first), author: alice.id }] })),
    ],
    [
      'a dependence on somebody who has no part in it',
      third(({ rig, first }) => ({ deps: [{ ...on(first), author: rig.stranger.id }] })),
    ],
  ])('%s', async (_, make) => {
    const at = await stage();
    const entry = await make(at);
    const good = await at.rig.forge(at.carol, {});
    const before = at.alice.disk.items();
    expect(await at.log.receive([good.entry, entry])).toEqual(VIOLATION);
    expect(await at.log.receive([entry, good.entry])).toEqual(VIOLATION);
    expect(at.alice.disk.items()).toEqual(before);
    expect(at.changes).toEqual([]);
    expect(await at.log.receive([good.entry, await third(() => ({}))(at)])).toEqual(OK);
  });

  test('what was early and turns out wrong is forgotten, and whoever brings the rest isn’t blamed', async () => {
    const { rig, carol, log, bob, second } = await stage();
    const missing = await rig.forge(bob, after(second));
    const wrong = await rig.forge(carol, { deps: [{ ...on(missing), id: second.id }], lamport: 4 });
    const right = await rig.forge(bob, after(missing));
    expect(await log.receive([wrong.entry])).toEqual(OK);
    expect(await log.receive([missing.entry, right.entry])).toEqual(OK);
    expect(log.vector().map(({ author, seq }) => [author, seq])).toContainEqual([bob.id, 4]);
    expect(await log.receive([wrong.entry])).toEqual(VIOLATION);
  });

  test('more logs than a vector can name', async () => {
    const { rig, bob, log } = await stage();
    const epochs = await Promise.all(
      Array.from({ length: VECTOR_MAX_LOGS }, (_, i) => rig.forge(bob, { epoch: i + 1 })),
    );
    expect(await log.receive(epochs.slice(0, VECTOR_MAX_LOGS - 3).map(({ entry }) => entry))).toEqual(OK);
    expect(log.vector()).toHaveLength(VECTOR_MAX_LOGS - 1);
    expect(await log.receive(epochs.slice(-1).map(({ entry }) => entry))).toEqual(VIOLATION);
  });
});

describe('forks', () => {
  const kinds: Record<string, (at: Stage) => Promise<readonly EntryBytes[]>> = {
    'another entry at the newest number': async ({ rig, bob, first }) => [(await rig.forge(bob, after(first))).entry],
    'another entry at an older number': async ({ rig, bob }) => [(await rig.forge(bob, {})).entry],
    'an entry upon another than the newest': async ({ rig, bob, first, second }) => [
      (await rig.forge(bob, { ...after(second), prev: first.id })).entry,
    ],
    'two entries at one number, together': async ({ rig, bob, second }) => [
      (await rig.forge(bob, after(second))).entry,
      (await rig.forge(bob, after(second))).entry,
    ],
    'two early entries at one number': async ({ rig, bob, first, second }) => [
      (await rig.forge(bob, { ...after(second), seq: 9, prev: first.id })).entry,
      (await rig.forge(bob, { ...after(second), seq: 9, prev: second.id })).entry,
    ],
  };

  test.each(Object.keys(kinds))('%s: told once, kept with its proof, also after a restart', async (kind) => {
    const at = await stage();
    const evidence = (await kinds[kind]?.(at)) ?? [];
    expect(await at.log.receive(evidence)).toEqual(OK);
    expect(await at.log.receive(evidence)).toEqual(OK);
    const forks = at.changes.filter(({ type }) => type === 'forked');
    expect(forks).toEqual([{ type: 'forked', log: { author: at.bob.id, epoch: 0 } }]);
    const stored = at.alice.disk.items().filter(({ key }) => key[2] === 'fork');
    expect(stored).toHaveLength(1);
    for (const { value } of stored) {
      const { known, other } = value as Record<'known' | 'other', EntryBytes>;
      expect(known.signature).not.toEqual(other.signature);
      expect(evidence.map(({ signature }) => signature)).toContainEqual(other.signature);
    }

    const again = await at.alice.start();
    for (const one of [at.log, again]) expect(one.forked()).toEqual([{ author: at.bob.id, epoch: 0 }]);
    const told: LogChange[] = [];
    again.subscribe((change) => told.push(change));
    const more = await at.rig.forge(at.bob, after(at.second));
    expect(await again.receive([more.entry])).toEqual(OK);
    expect(again.vector()).toEqual(at.log.vector());
    expect(told).toEqual([]);
    // Others go on.
    const others = await at.rig.forge(at.carol, {});
    expect(await again.receive([others.entry])).toEqual(OK);
    expect((await again.append([at.rig.text('on')])).ok).toBe(true);
  });

  test('what is doubled is no fork, however old it is', async () => {
    const { log, alice, changes, first, second } = await stage();
    const again = await alice.start();
    for (const one of [log, again]) expect(await one.receive([second.entry, first.entry, first.entry])).toEqual(OK);
    expect(changes).toEqual([]);
  });

  test('an entry with a bad signature proves nothing', async () => {
    const { rig, bob, log, changes } = await stage();
    const { entry } = await rig.forge(bob, {});
    expect(await log.receive([{ ...entry, signature: flip(entry.signature, 0) }])).toEqual(VIOLATION);
    expect(changes).toEqual([]);
  });

  test('who depends on what will never come is passed over, not held', async () => {
    const { rig, bob, carol, log, second } = await stage();
    await log.receive([(await rig.forge(bob, {})).entry]);
    const never = await rig.forge(bob, after(second));
    const stuck = await Promise.all(
      Array.from({ length: SYNC_HELD_MAX_ENTRIES + 1 }, (_, epoch) =>
        rig.forge(carol, { epoch, deps: [on(never)], lamport: 4 }),
      ),
    );
    expect(await log.receive(stuck.map(({ entry }) => entry))).toEqual(OK);
    expect(log.vector().some(({ author }) => author === carol.id)).toBe(false);
  });
});

describe('a store that went back in time', () => {
  const lost = async () => {
    const rig = await createRig(2);
    const [alice, bob] = rig.devices;
    if (!alice || !bob) throw new Error('two devices');
    const log = await alice.start();
    for (const text of ['one', 'two', 'three']) await log.append([rig.text(text)]);
    const other = await bob.start();
    const all = await log.read({ author: alice.id, epoch: 0 }, 0, ALL);
    expect(await other.receive(all)).toEqual(OK);
    return { rig, alice, bob, other, all, empty: await alice.start(createMemoryDisk().open()) };
  };

  test('while somebody has more of this device’s log than it has itself, it gives no number', async () => {
    const { rig, alice, bob, other, all, empty } = await lost();
    expect((await empty.acknowledge(bob.id, other.vector())).ok).toBe(true);
    expect(await empty.append([rig.text('too early')])).toEqual(CONFLICT);
    await empty.receive(all.slice(0, 2));
    expect(await empty.append([rig.text('still too early')])).toEqual(CONFLICT);
    await empty.receive(all.slice(2));
    expect((await empty.append([rig.text('four')])).ok).toBe(true);
    expect(await other.receive(await empty.read({ author: alice.id, epoch: 0 }, 3, ALL))).toEqual(OK);
    expect(await other.page(null, 10)).toEqual(await empty.page(null, 10));
  });

  test('an early entry with its own signature says so as well', async () => {
    const { rig, all, empty } = await lost();
    expect(await empty.receive(all.slice(2))).toEqual(OK);
    expect(await empty.append([rig.text('too early')])).toEqual(CONFLICT);
    expect(await empty.receive(all.slice(0, 2))).toEqual(OK);
    expect((await empty.append([rig.text('four')])).ok).toBe(true);
  });

  test('what it had written comes back as its own', async () => {
    const { alice, all, empty } = await lost();
    const changes: LogChange[] = [];
    empty.subscribe((change) => changes.push(change));
    await empty.receive(all);
    expect(changes.map((change) => change.type)).toEqual(['appended']);
    expect(empty.vector()).toEqual([{ author: alice.id, epoch: 0, seq: 3 }]);
  });

  test('once its own log is known to have forked, it writes no more in that epoch', async () => {
    const { rig, all, empty } = await lost();
    await empty.append(['one again', 'two again', 'three again'].map(rig.text));
    const changes: LogChange[] = [];
    empty.subscribe((change) => changes.push(change));
    await empty.receive(all);
    expect(changes.map((change) => change.type)).toEqual(['forked']);
    expect(await empty.append([rig.text('four')])).toEqual(CONFLICT);
  });

  test('where it wrote before it knew, the others see the fork', async () => {
    const { rig, alice, other, empty } = await lost();
    await empty.append([rig.text('one again')]);
    const changes: LogChange[] = [];
    other.subscribe((change) => changes.push(change));
    await other.receive(await empty.read({ author: alice.id, epoch: 0 }, 0, ALL));
    expect(changes.map((change) => change.type)).toEqual(['forked']);
  });
});
