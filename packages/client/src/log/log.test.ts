import { type EntryBytes, entrySize, type LogId, SYNC_HELD_MAX_ENTRIES } from '@earshot/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../memory/crypto-random.ts';
import { createMemoryDisk } from '../memory/storage.ts';
import type { StoragePort } from '../ports/index.ts';
import { createRig, type Rig, type RigDevice } from './rig.ts';
import type { ConversationLog, LogChange } from './types.ts';

const ALL = { entries: 100_000, bytes: Number.POSITIVE_INFINITY };
const OK = { ok: true, value: undefined };

const pair = async (): Promise<{ rig: Rig; alice: RigDevice; bob: RigDevice }> => {
  const rig = await createRig(2);
  const [alice, bob] = rig.devices;
  if (!alice || !bob) throw new Error('two devices');
  return { rig, alice, bob };
};

const say = async (log: ConversationLog, rig: Rig, ...words: readonly string[]): Promise<void> => {
  for (const text of words) expect((await log.append([rig.text(text)])).ok).toBe(true);
};

const numbered = (what: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${what}${i}`);

const everything = async (log: ConversationLog): Promise<readonly EntryBytes[]> => {
  const logs: readonly LogId[] = log.vector();
  return (await Promise.all(logs.map((one) => log.read(one, 0, ALL)))).flat();
};

const texts = async (log: ConversationLog): Promise<readonly string[]> =>
  (await log.page(null, 100_000)).map(({ body }) => (body.kind === 'text' ? body.text : '?'));

const seqOf = (log: ConversationLog, device: RigDevice): number =>
  log.vector().find(({ author }) => author === device.id)?.seq ?? 0;

const signatures = (entries: readonly EntryBytes[]): readonly string[] =>
  entries.map(({ signature }) => signature.join());

const changesOf = (log: ConversationLog): LogChange[] => {
  const changes: LogChange[] = [];
  log.subscribe((change) => changes.push(change));
  return changes;
};

describe('writing', () => {
  test('what was appended is there after a restart, in order, and nobody is known to have it', async () => {
    const { rig, alice } = await pair();
    const log = await alice.start();
    await say(log, rig, 'one', 'two', 'three');
    const again = await alice.start();
    expect(await texts(again)).toEqual(['one', 'two', 'three']);
    expect(again.vector()).toEqual([{ author: alice.id, epoch: 0, seq: 3 }]);
    expect(again.hasUncovered()).toBe(true);
    expect(await again.page(null, 10)).toEqual(await log.page(null, 10));
  });

  test('appends that come at once are numbered in their order, share commits, and are told of once each', async () => {
    const { rig, alice } = await pair();
    let commits = 0;
    const log = await alice.start(alice.disk.open({ fate: () => (commits++, 'done') }));
    const changes = changesOf(log);
    const results = await Promise.all(numbered('', 50).map((text) => log.append([rig.text(text)])));
    const seqs = results.map((result) => (result.ok ? result.value[0]?.place.seq : 0));
    expect(seqs).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(await texts(log)).toEqual(numbered('', 50));
    expect(commits).toBeLessThanOrEqual(2);
    expect(changes.flatMap((change) => (change.type === 'appended' ? change.messages : []))).toEqual(
      await log.page(null, 100),
    );
  });

  test('a batch is one commit with what goes along, and has its own times', async () => {
    const { rig, alice } = await pair();
    const log = await alice.start();
    const also = { puts: [{ key: ['other'], value: 1 }], walls: [5, 6] };
    expect((await log.append([rig.text('a'), rig.text('b')], also)).ok).toBe(true);
    expect((await log.page(null, 10)).map(({ wall }) => wall)).toEqual([5, 6]);
    expect(alice.disk.items().find(({ key }) => key[0] === 'other')?.value).toBe(1);
  });

  test('where what goes along doesn’t hold, nothing is written, and others who wait aren’t harmed', async () => {
    const { rig, alice } = await pair();
    const log = await alice.start();
    const also = { checks: [{ key: ['other'], is: 7 }], puts: [{ key: ['other'], value: 8 }] };
    const outcomes = await Promise.all([
      log.append([rig.text('a')]),
      log.append([rig.text('b')]),
      log.append([rig.text('c')], also),
      log.append([rig.text('d')]),
    ]);
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error))).toEqual(['ok', 'ok', 'conflict', 'ok']);
    expect(await texts(log)).toEqual(['a', 'b', 'd']);
    expect(seqOf(log, alice)).toBe(3);
  });

  test.each([
    ['full', 'full'],
    ['broken_before', 'broken'],
  ] as const)('a commit that is %s surfaces nothing', async (fate, error) => {
    const { rig, alice } = await pair();
    const log = await alice.start(alice.disk.open({ fate: (_, number) => (number === 2 ? fate : 'done') }));
    await say(log, rig, 'one');
    const changes = changesOf(log);
    expect(await log.append([rig.text('two')])).toEqual({ ok: false, error });
    expect([changes, seqOf(log, alice)]).toEqual([[], 1]);
  });

  test('after `full` writing goes on with the same number', async () => {
    const { rig, alice, bob } = await pair();
    const log = await alice.start(alice.disk.open({ fate: (_, number) => (number === 2 ? 'full' : 'done') }));
    await say(log, rig, 'one');
    await log.append([rig.text('lost')]);
    await say(log, rig, 'two');
    const other = await bob.start();
    expect(await other.receive(await everything(log))).toEqual(OK);
    expect(await texts(other)).toEqual(['one', 'two']);
  });

  test('where it isn’t known whether a commit held, the store is read before anything is signed', async () => {
    const { rig, alice } = await pair();
    const store = alice.disk.open();
    let commits = 0;
    /** Works on, but the second answer is lost. */
    const forgetful: StoragePort = {
      get: (key) => store.get(key),
      list: (prefix, options) => store.list(prefix, options),
      commit: async (batch) => {
        const outcome = await store.commit(batch);
        return ++commits === 2 ? { ok: false, error: 'broken' } : outcome;
      },
    };
    const log = await alice.start(forgetful);
    const changes = changesOf(log);
    await say(log, rig, 'one');
    expect(await log.append([rig.text('two')])).toEqual({ ok: false, error: 'broken' });
    await say(log, rig, 'three');
    expect(await texts(log)).toEqual(['one', 'two', 'three']);
    const told = changes.flatMap((change) => (change.type === 'appended' ? change.messages : []));
    expect(told.map(({ place }) => place.seq)).toEqual([1, 2, 3]);
  });

  test('of two processes on one store, the slower hears `conflict`, then goes on after the other', async () => {
    const { rig, alice, bob } = await pair();
    const [one, two] = [await alice.start(), await alice.start()];
    await say(one, rig, 'first');
    const changes = changesOf(two);
    expect(await two.append([rig.text('refused')])).toEqual({ ok: false, error: 'conflict' });
    await say(two, rig, 'second');
    expect(changes.map((change) => change.type)).toEqual(['appended', 'acknowledged', 'appended']);
    expect(await texts(two)).toEqual(['first', 'second']);
    const other = await bob.start();
    expect(await other.receive(await everything(two))).toEqual(OK);
  });

  test('times that an entry can’t hold are brought to those that it can', async () => {
    const { rig, alice } = await pair();
    const log = await alice.start();
    await log.append([rig.text('a'), rig.text('b'), rig.text('c')], { walls: [-5, 1.5, 1e300] });
    expect((await log.page(null, 10)).map(({ wall }) => wall)).toEqual([0, 1, 8_640_000_000_000_000]);
  });

  test('names 64 of the others at most, and stands after all of them', async () => {
    const rig = await createRig(80);
    const [first, ...others] = rig.devices;
    const [last] = others;
    if (!first || !last) throw new Error('devices');
    const log = await first.start();
    for (const [i, other] of others.entries()) {
      const one = await other.start();
      await say(one, rig, ...numbered('x', 1 + (i % 3)));
      expect(await log.receive(await everything(one))).toEqual(OK);
    }
    await say(log, rig, 'the last word');
    expect((await texts(log)).at(-1)).toBe('the last word');
    const other = await last.start();
    expect(await other.receive(await everything(log))).toEqual(OK);
    expect((await texts(other)).at(-1)).toBe('the last word');
  });
});

describe('reading', () => {
  test('pages go back to the first, each message once', async () => {
    const { rig, alice } = await pair();
    const log = await alice.start();
    await log.append(numbered('', 25).map(rig.text));
    const seen: string[] = [];
    for (let before = null as Parameters<ConversationLog['page']>[0]; ; ) {
      const page = await log.page(before, 10);
      seen.unshift(...page.map(({ body }) => (body.kind === 'text' ? body.text : '?')));
      if (page.length < 10) break;
      before = page[0]?.place ?? null;
    }
    expect(seen).toEqual(numbered('', 25));
  });

  test.each(['now', 'after a restart'])('a read is bounded in count and bytes, but never empty: %s', async (when) => {
    const { rig, alice } = await pair();
    const first = await alice.start();
    await first.append(numbered('', 25).map(rig.text));
    const log = when === 'now' ? first : await alice.start();
    const own = { author: alice.id, epoch: 0 };
    const all = await log.read(own, 0, ALL);
    const [one, two] = [all[0], all[1]].map((entry) => (entry ? entry.header.length + entry.body.length + 64 : 0));
    expect(all).toHaveLength(25);
    expect(await log.read(own, 20, ALL)).toEqual(all.slice(20));
    expect(await log.read(own, 3, { ...ALL, entries: 4 })).toEqual(all.slice(3, 7));
    expect(await log.read(own, 0, { ...ALL, bytes: (one ?? 0) + (two ?? 0) })).toEqual(all.slice(0, 2));
    expect(await log.read(own, 0, { ...ALL, bytes: 1 })).toEqual(all.slice(0, 1));
    expect(await log.read(own, 25, ALL)).toEqual([]);
    expect(await log.read({ author: alice.id, epoch: 1 }, 0, ALL)).toEqual([]);
  });

  test('however commits cut a log up, any part of it reads the same', async () => {
    const { rig, alice } = await pair();
    const log = await alice.start();
    for (const size of [1, 1, 200, 3, 64, 65, 1]) await log.append(numbered('', size).map(rig.text));
    for (const size of [3, 9]) await log.append(numbered('.'.repeat(15_000), size).map(rig.text));
    const own = { author: alice.id, epoch: 0 };
    const all = await log.read(own, 0, ALL);
    expect(all).toHaveLength(347);
    const again = await alice.start();
    await fc.assert(
      fc.asyncProperty(fc.nat(360), fc.integer({ min: 1, max: 100 }), fc.nat(60_000), async (after, entries, bytes) => {
        const wanted: EntryBytes[] = [];
        let size = 0;
        for (const entry of all.slice(after, after + entries)) {
          size += entrySize(entry);
          if (wanted.length > 0 && size > bytes) break;
          wanted.push(entry);
        }
        expect(signatures(await again.read(own, after, { entries, bytes }))).toEqual(signatures(wanted));
      }),
    );
  }, 60_000);

  test('a listener that throws harms nobody but the platform’s log', async () => {
    const { rig, alice } = await pair();
    const log = await alice.start();
    const thrown: unknown[] = [];
    const [listener] = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => thrown.push(error));
    log.subscribe(() => {
      throw new Error('on purpose');
    });
    const changes = changesOf(log);
    await say(log, rig, 'one');
    await new Promise((resolve) => setImmediate(resolve));
    process.removeAllListeners('uncaughtException');
    if (listener) process.on('uncaughtException', listener);
    expect(changes).toHaveLength(1);
    expect(thrown).toHaveLength(1);
  });

  test('who has unsubscribed hears nothing more', async () => {
    const { rig, alice } = await pair();
    const log = await alice.start();
    const changes: LogChange[] = [];
    const end = log.subscribe((change) => changes.push(change));
    end();
    await say(log, rig, 'one');
    expect(changes).toEqual([]);
  });
});

describe('receiving', () => {
  test('two logs that exchange everything show the same in the same order', async () => {
    const { rig, alice, bob } = await pair();
    const [a, b] = [await alice.start(), await bob.start()];
    await say(a, rig, 'a1', 'a2');
    await say(b, rig, 'b1');
    expect(await b.receive(await everything(a))).toEqual(OK);
    await say(b, rig, 'b2');
    expect(await a.receive(await everything(b))).toEqual(OK);
    const order = await texts(a);
    expect(order).toEqual(await texts(b));
    expect(order.at(-1)).toBe('b2');
    expect(new Set(order)).toEqual(new Set(['a1', 'a2', 'b1', 'b2']));
  });

  test('in any order and any pieces, doubled or not, the same comes out', async () => {
    const { rig, alice, bob } = await pair();
    const [a, b] = [await alice.start(), await bob.start()];
    for (const i of numbered('', 10)) {
      await say(a, rig, `a${i}`);
      await b.receive(await everything(a));
      await say(b, rig, `b${i}`);
      if (Number(i) % 3 === 0) await a.receive(await everything(b));
    }
    await a.receive(await everything(b));
    const all = await everything(a);
    const order = await texts(a);
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 7 }), async (seed, piece) => {
        const random = createRandom(seed);
        const shuffled = [...all, ...all.slice(0, 5)].map((entry) => ({ entry, at: random.fraction() }));
        const frames = shuffled.sort((x, y) => x.at - y.at).map(({ entry }) => entry);
        const fresh = await bob.start(createMemoryDisk().open());
        const told: string[] = [];
        fresh.subscribe((change) => {
          if (change.type === 'received' || change.type === 'appended')
            told.push(...change.messages.map(({ id }) => id));
        });
        const pieces = Array.from({ length: Math.ceil(frames.length / piece) }, (_, i) =>
          fresh.receive(frames.slice(i * piece, (i + 1) * piece)),
        );
        expect((await Promise.all(pieces)).every(({ ok }) => ok)).toBe(true);
        expect(await texts(fresh)).toEqual(order);
        expect(told).toHaveLength(order.length);
      }),
      { numRuns: 50 },
    );
  }, 60_000);

  test('what is early waits in memory and comes with what it waited for', async () => {
    const { rig, alice, bob } = await pair();
    const [a, b] = [await alice.start(), await bob.start()];
    await say(a, rig, ...numbered('', 50));
    const [first, ...rest] = await everything(a);
    const changes = changesOf(b);
    for (const entry of rest.toReversed()) expect(await b.receive([entry])).toEqual(OK);
    expect([changes, bob.disk.items()]).toEqual([[], []]);
    expect(await b.receive(first ? [first] : [])).toEqual(OK);
    expect(await texts(b)).toEqual(numbered('', 50));
    expect(changes).toHaveLength(1);
  });

  test('as many as the limit are held, one more is too many, and what was held stays', async () => {
    const { rig, alice, bob } = await pair();
    const [a, b] = [await alice.start(), await bob.start()];
    await a.append(numbered('', SYNC_HELD_MAX_ENTRIES + 2).map(rig.text));
    const all = await everything(a);
    expect(await b.receive(all.slice(1, -1))).toEqual(OK);
    expect(await b.receive(all.slice(-1))).toEqual({ ok: false, error: 'too_many_held' });
    expect(await b.receive(all.slice(0, 1))).toEqual(OK);
    expect(seqOf(b, alice)).toBe(SYNC_HELD_MAX_ENTRIES + 1);
  });

  test('what is held is bounded in bytes', async () => {
    const { rig, alice, bob } = await pair();
    const [a, b] = [await alice.start(), await bob.start()];
    await a.append(numbered('x'.repeat(16_000), 80).map(rig.text));
    expect(await b.receive((await everything(a)).slice(1))).toEqual({ ok: false, error: 'too_many_held' });
  });

  test('a commit that fails leaves what was held, and the rest may come again', async () => {
    const { rig, alice, bob } = await pair();
    const [a, b] = [
      await alice.start(),
      await bob.start(bob.disk.open({ fate: (_, number) => (number === 1 ? 'full' : 'done') })),
    ];
    await say(a, rig, 'one', 'two', 'three');
    const all = await everything(a);
    expect(await b.receive(all.slice(1))).toEqual(OK);
    expect(await b.receive(all.slice(0, 1))).toEqual({ ok: false, error: 'full' });
    expect(b.vector()).toEqual([]);
    expect(await b.receive(all.slice(0, 1))).toEqual(OK);
    expect(await texts(b)).toEqual(['one', 'two', 'three']);
  });
});
