import {
  ENTRIES_FRAME_TARGET_BYTES,
  type EntryBytes,
  entrySize,
  type LogPosition,
  type PeerFrame,
  SYNC_WINDOW_BYTES,
  SYNC_WINDOW_ENTRIES,
  type VectorEntries,
} from '@earshot/protocol';
import { describe, expect, test } from 'vitest';
import { createRig, type Rig, type RigDevice } from './rig.ts';
import { startSync } from './sync.ts';
import type { ConversationLog, LogSync, ReceiveFault } from './types.ts';

type Have = Extract<PeerFrame, { type: 'have' }>;
type Entries = Extract<PeerFrame, { type: 'entries' }>;

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A log that syncs with a peer whom the test plays. */
class Played {
  readonly sent: PeerFrame[] = [];
  readonly faults: ReceiveFault[] = [];
  readonly sync: LogSync;
  readonly #log: ConversationLog;
  full = false;
  open = true;

  constructor(log: ConversationLog, peer: RigDevice) {
    this.#log = log;
    this.sync = startSync(log, {
      device: peer.id,
      full: () => this.full,
      failed: (fault) => this.faults.push(fault),
      send: (frame) => {
        if (this.open) this.sent.push(frame);
        return this.open;
      },
    });
  }

  have(vector: VectorEntries): void {
    this.sync.handle({ type: 'have', conversation: this.#log.conversation, vector });
  }

  entries(entries: readonly EntryBytes[]): void {
    this.sync.handle({ type: 'entries', conversation: this.#log.conversation, entries });
  }

  /** Frames that went out since the last look. */
  async take(): Promise<readonly PeerFrame[]> {
    await settle();
    return this.sent.splice(0);
  }

  async takeEntries(): Promise<readonly Entries[]> {
    return (await this.take()).filter((frame) => frame.type === 'entries');
  }
}

interface Stage {
  readonly rig: Rig;
  readonly alice: RigDevice;
  readonly bob: RigDevice;
  readonly log: ConversationLog;
  own(seq: number): LogPosition;
}

const stage = async (texts: readonly string[] = []): Promise<Stage> => {
  const rig = await createRig(3);
  const [alice, bob] = rig.devices;
  if (!alice || !bob) throw new Error('devices');
  const log = await alice.start();
  if (texts.length > 0) await log.append(texts.map(rig.text));
  return { rig, alice, bob, log, own: (seq) => ({ author: alice.id, epoch: 0, seq }) };
};

const many = (count: number, bytes = 10): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${i} `.padEnd(bytes, '.'));

const inAll = (frames: readonly Entries[]): readonly EntryBytes[] => frames.flatMap(({ entries }) => entries);
const sizeOf = (entries: readonly EntryBytes[]): number => entries.reduce((sum, entry) => sum + entrySize(entry), 0);

describe('what this side says', () => {
  test('what it has at once, and nothing else before the other has said the same', async () => {
    const { log, bob, own } = await stage(many(3));
    const played = new Played(log, bob);
    expect(played.sent).toEqual([{ type: 'have', conversation: log.conversation, vector: [own(3)] }]);
    await played.take();
    await log.append([(await createRig(1)).text('more')]);
    expect(await played.take()).toEqual([]);
    played.have([own(1)]);
    expect(inAll(await played.takeEntries())).toEqual(await log.read(own(1), 1, { entries: 99, bytes: 1e9 }));
  });

  test.each([
    ['entries', many(300), SYNC_WINDOW_ENTRIES],
    ['bytes', many(60, 15_000), Math.floor(SYNC_WINDOW_BYTES / 15_250)],
  ])('no more %s than the window takes, in frames of a fair size', async (_, texts, wanted) => {
    const { log, bob, own } = await stage(texts);
    const played = new Played(log, bob);
    played.have([]);
    const frames = await played.takeEntries();
    expect(inAll(frames)).toHaveLength(wanted);
    for (const { entries } of frames) {
      expect(entries.length === 1 || sizeOf(entries) <= ENTRIES_FRAME_TARGET_BYTES).toBe(true);
    }
    expect(frames.length).toBeLessThanOrEqual(wanted);
    played.have([own(1)]);
    expect(inAll(await played.takeEntries())).toHaveLength(1);
    played.have([own(wanted + 1)]);
    expect(inAll(await played.takeEntries()).length).toBeGreaterThanOrEqual(
      Math.min(wanted, texts.length - wanted - 1) - 1,
    );
  });

  test('each entry once, in order, as the other moves on', async () => {
    const { log, bob, own } = await stage(many(500));
    const played = new Played(log, bob);
    let have = 0;
    const got: EntryBytes[] = [];
    played.have([]);
    for (let frames = await played.takeEntries(); frames.length > 0; frames = await played.takeEntries()) {
      got.push(...inAll(frames));
      have = got.length;
      played.have([own(have)]);
    }
    expect(got).toEqual(await log.read(own(0), 0, { entries: 999, bytes: 1e9 }));
    expect(log.hasUncovered()).toBe(false);
  });

  test('what is written later goes at once', async () => {
    const { rig, log, bob, own } = await stage(many(1));
    const played = new Played(log, bob);
    played.have([own(1)]);
    await played.take();
    await log.append([rig.text('now')]);
    expect(inAll(await played.takeEntries())).toHaveLength(1);
  });

  test('nothing to a device that has it all', async () => {
    const { log, bob, own } = await stage(many(5));
    const played = new Played(log, bob);
    played.have([own(5)]);
    expect(await played.takeEntries()).toEqual([]);
  });

  test('others’ entries too, each after what it needs', async () => {
    const { rig, bob, log } = await stage(many(2));
    const [, , carol] = rig.devices;
    if (!carol) throw new Error('carol');
    const hers = await carol.start();
    for (let i = 0; i < 40; i++) {
      for (const { author, epoch } of log.vector())
        await hers.receive(await log.read({ author, epoch }, 0, { entries: 999, bytes: 1e9 }));
      await hers.append([rig.text(`c${i}`)]);
      for (const { author, epoch } of hers.vector())
        await log.receive(await hers.read({ author, epoch }, 0, { entries: 999, bytes: 1e9 }));
      await log.append([rig.text(`a${i}`)]);
    }
    const other = await bob.start();
    const played = new Played(log, bob);
    played.have([]);
    for (let frames = await played.takeEntries(); frames.length > 0; frames = await played.takeEntries()) {
      for (const entry of inAll(frames)) {
        const before = other.vector().reduce((sum, { seq }) => sum + seq, 0);
        expect((await other.receive([entry])).ok).toBe(true);
        expect(other.vector().reduce((sum, { seq }) => sum + seq, 0)).toBe(before + 1);
      }
      played.have(other.vector());
    }
    expect(await other.page(null, 999)).toEqual(await log.page(null, 999));
  });

  test('what the other passes over doesn’t fill the window for ever', async () => {
    const { rig, bob, log, own } = await stage(many(SYNC_WINDOW_ENTRIES - 1));
    const [, , carol] = rig.devices;
    if (!carol) throw new Error('carol');
    const hers = await carol.start();
    await hers.receive(await log.read(own(1), 0, { entries: 999, bytes: 1e9 }));
    await hers.append([rig.text('last')]);
    await log.receive(await hers.read({ author: carol.id, epoch: 0 }, 0, { entries: 1, bytes: 1e9 }));
    const played = new Played(log, bob);
    played.have([]);
    expect(inAll(await played.takeEntries())).toHaveLength(SYNC_WINDOW_ENTRIES);
    // Of Alice's log it takes nothing; of Carol's it has the one that was sent last.
    played.have([{ author: carol.id, epoch: 0, seq: 1 }]);
    await log.append(['more', 'and more'].map(rig.text));
    expect(inAll(await played.takeEntries())).toHaveLength(2);
  });
});

describe('the channel', () => {
  test('while it is full nothing goes; when it has drained, all of it does', async () => {
    const { log, bob } = await stage(many(40, 1_000));
    const played = new Played(log, bob);
    played.full = true;
    played.have([]);
    expect(await played.takeEntries()).toHaveLength(1);
    expect(await played.take()).toEqual([]);
    played.full = false;
    played.sync.drained();
    expect(inAll(await played.takeEntries()).length).toBeGreaterThan(1);
  });

  test('what this side has waits for room as well, and is said once', async () => {
    const { rig, log, bob } = await stage();
    const played = new Played(log, bob);
    played.full = true;
    await played.take();
    const one = await rig.forge(bob, {});
    const two = await rig.forge(bob, { seq: 2, prev: one.id, lamport: 2 });
    played.entries([one.entry]);
    expect(await played.take()).toHaveLength(1);
    played.entries([two.entry]);
    played.entries([one.entry]);
    expect(await played.take()).toEqual([]);
    played.full = false;
    played.sync.drained();
    const [have, ...more] = await played.take();
    expect([(have as Have).vector.map(({ seq }) => seq), more]).toEqual([[2], []]);
  });

  test('when it is gone, or the sync closed, nothing happens any more', async () => {
    for (const end of ['gone', 'closed']) {
      const { rig, log, bob } = await stage(many(3));
      const played = new Played(log, bob);
      if (end === 'gone') played.open = false;
      else played.sync.close();
      played.sync.close();
      played.have([]);
      await played.take();
      played.open = true;
      played.have([]);
      played.entries([(await rig.forge(bob, {})).entry]);
      await log.append([rig.text('on')]);
      expect(await played.take()).toEqual([]);
      expect(played.faults).toEqual([]);
    }
  });
});

describe('what the other side says', () => {
  test('is acknowledged only once it is durable, and not for each entry', async () => {
    const { rig, bob, alice } = await stage();
    const theirs = await bob.start();
    await theirs.append(many(60).map(rig.text));
    const entries = await theirs.read({ author: bob.id, epoch: 0 }, 0, { entries: 99, bytes: 1e9 });
    let durable: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      durable = resolve;
    });
    const disk = alice.disk.open();
    const log = await alice.start({
      get: (key) => disk.get(key),
      list: (prefix, options) => disk.list(prefix, options),
      commit: (batch) => held.then(() => disk.commit(batch)),
    });
    const played = new Played(log, bob);
    await played.take();
    for (const entry of entries) played.entries([entry]);
    expect(await played.take()).toEqual([]);
    expect(log.vector()).toEqual([]);
    durable();
    const haves = (await played.take()) as readonly Have[];
    expect(haves.at(-1)?.vector).toEqual([{ author: bob.id, epoch: 0, seq: 60 }]);
    expect(haves.length).toBeLessThanOrEqual(6);
  });

  test('what it has is on the disk before anybody hears of it', async () => {
    const { log, alice, bob, own } = await stage(many(3));
    const played = new Played(log, bob);
    const heard: boolean[] = [];
    log.subscribe(({ type }) => {
      const stored = alice.disk.items().some(({ key }) => key[2] === 'acked');
      if (type === 'acknowledged') heard.push(stored && log.covered(own(2)));
    });
    played.have([own(2)]);
    await settle();
    expect(heard).toEqual([true]);
  });

  test('many words about what it has cost few commits', async () => {
    const { alice, bob, own, rig } = await stage(many(300));
    let commits = 0;
    const log = await alice.start(alice.disk.open({ fate: () => (commits++, 'done') }));
    const played = new Played(log, bob);
    for (let seq = 0; seq <= 300; seq++) played.have([own(seq)].filter((at) => at.seq > 0));
    await settle();
    expect(log.acknowledged(bob.id)).toEqual([own(300)]);
    expect(commits).toBeLessThanOrEqual(2);
    expect(rig.devices).toHaveLength(3);
  });

  test.each<[string, ReceiveFault, (at: Stage, played: Played) => Promise<void>]>([
    [
      'a bad entry',
      'violation',
      async ({ rig, bob }, played) => {
        const { entry } = await rig.forge(bob, {});
        played.entries([{ ...entry, signature: new Uint8Array(64) }]);
      },
    ],
    [
      'more than waits to be stored, in entries',
      'violation',
      async ({ rig, bob }, played) => {
        const { entry } = await rig.forge(bob, {});
        for (let i = 0; i <= 4 * SYNC_WINDOW_ENTRIES; i++) played.entries([entry]);
      },
    ],
    [
      'more than waits to be stored, in bytes',
      'violation',
      async ({ rig, bob }, played) => {
        const { entry } = await rig.forge(bob, {}, new Uint8Array(20_000));
        for (let i = 0; i <= (4 * SYNC_WINDOW_BYTES) / 20_000; i++) played.entries([entry]);
      },
    ],
    [
      'more out of order than is held',
      'too_many_held',
      async ({ rig, bob }, played) => {
        const log = await bob.start();
        await log.append(many(300).map(rig.text));
        const all = await log.read({ author: bob.id, epoch: 0 }, 1, { entries: 999, bytes: 1e9 });
        for (let at = 0; at < all.length; at += 60) {
          played.entries(all.slice(at, at + 60));
          await settle();
        }
      },
    ],
  ])('%s ends it, once', async (_, fault, act) => {
    const at = await stage();
    const played = new Played(at.log, at.bob);
    await act(at, played);
    await settle();
    await settle();
    expect(played.faults).toEqual([fault]);
    await played.take();
    played.have([]);
    await at.log.append([at.rig.text('on')]);
    expect(await played.take()).toEqual([]);
  });

  test.each(['full', 'broken_before'] as const)('a store that is %s ends it', async (fate) => {
    const { rig, alice, bob } = await stage();
    const log = await alice.start(alice.disk.open({ fate: () => fate }));
    const played = new Played(log, bob);
    played.entries([(await rig.forge(bob, {})).entry]);
    await settle();
    expect(played.faults).toEqual([fate === 'full' ? 'full' : 'broken']);
  });

  test('a store that can’t be read ends it', async () => {
    const { alice, bob } = await stage(many(3));
    const disk = alice.disk.open();
    const log = await alice.start(disk);
    const played = new Played(log, bob);
    disk.close();
    played.have([]);
    await settle();
    expect(played.faults).toEqual(['broken']);
  });
});

test('ten thousand entries take few frames and few commits', async () => {
  const { rig, alice, bob } = await stage();
  let commits = 0;
  const [a, b] = [await alice.start(), await bob.start(bob.disk.open({ fate: () => (commits++, 'done') }))];
  await a.append(many(10_000, 60).map(rig.text));
  const [one, two] = [new Played(a, bob), new Played(b, alice)];
  let frames = 0;
  for (let quiet = false; !quiet; ) {
    const [toTwo, toOne] = [await one.take(), await two.take()];
    quiet = toTwo.length + toOne.length === 0;
    frames += toTwo.length + toOne.length;
    for (const frame of toTwo) two.sync.handle(frame as Have | Entries);
    for (const frame of toOne) one.sync.handle(frame as Have | Entries);
  }
  expect(b.vector()).toEqual(a.vector());
  expect(a.hasUncovered()).toBe(false);
  expect(frames).toBeLessThanOrEqual(700);
  expect(commits).toBeLessThanOrEqual(350);
}, 60_000);
