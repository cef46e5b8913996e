import type { EntryBytes, LogId, VectorEntries } from '@earshot/protocol';
import { expect, test } from 'vitest';
import { createRig, type Rig, type RigDevice } from './rig.ts';
import type { ConversationLog, LogChange } from './types.ts';

const ALL = { entries: 100_000, bytes: Number.POSITIVE_INFINITY };

const rig = async (): Promise<{ rig: Rig; alice: RigDevice; bob: RigDevice }> => {
  const made = await createRig(2);
  const [alice, bob] = made.devices;
  if (!alice || !bob) throw new Error('two devices');
  return { rig: made, alice, bob };
};

const say = async (log: ConversationLog, made: Rig, ...texts: readonly string[]): Promise<void> => {
  for (const text of texts) expect((await log.append([made.text(text)])).ok).toBe(true);
};

const everything = async (log: ConversationLog): Promise<readonly EntryBytes[]> => {
  const logs: readonly LogId[] = log.vector();
  return (await Promise.all(logs.map((one) => log.read(one, 0, ALL)))).flat();
};

const texts = async (log: ConversationLog): Promise<readonly string[]> =>
  (await log.page(null, 100_000)).map(({ body }) => (body.kind === 'text' ? body.text : '?'));

const seqs = (vector: VectorEntries): readonly number[] => vector.map(({ seq }) => seq);

test('what was appended is there after a restart, in order, and nobody is known to have it', async () => {
  const { rig: made, alice } = await rig();
  const log = await alice.start();
  await say(log, made, 'one', 'two', 'three');
  const again = await alice.start();
  expect(await texts(again)).toEqual(['one', 'two', 'three']);
  expect(again.vector()).toEqual([{ author: alice.id, epoch: 0, seq: 3 }]);
  expect(again.hasUncovered()).toBe(true);
  expect(await again.page(null, 10)).toEqual(await log.page(null, 10));
});

test('two logs that exchange everything show the same in the same order', async () => {
  const { rig: made, alice, bob } = await rig();
  const [a, b] = [await alice.start(), await bob.start()];
  await say(a, made, 'a1', 'a2');
  await say(b, made, 'b1');
  expect(await b.receive(await everything(a))).toEqual({ ok: true, value: undefined });
  await say(b, made, 'b2');
  expect((await a.receive(await everything(b))).ok).toBe(true);
  const order = await texts(a);
  expect(order).toEqual(await texts(b));
  expect(order.at(-1)).toBe('b2');
  expect(new Set(order)).toEqual(new Set(['a1', 'a2', 'b1', 'b2']));
});

test('appends that come at once are numbered in their order, and share commits', async () => {
  const { rig: made, alice } = await rig();
  let commits = 0;
  const log = await alice.start({ fate: () => (commits++, 'done') });
  const results = await Promise.all(Array.from({ length: 50 }, (_, i) => log.append([made.text(`${i}`)])));
  expect(results.map((result) => (result.ok ? result.value[0]?.place.seq : 0))).toEqual(
    Array.from({ length: 50 }, (_, i) => i + 1),
  );
  expect(await texts(log)).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
  expect(commits).toBeLessThanOrEqual(2);
});
