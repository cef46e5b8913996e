import { expect, test } from 'vitest';
import { createRig } from './rig.ts';
import type { LogChange } from './types.ts';

const stage = async () => {
  const rig = await createRig(3);
  const [alice, bob, carol] = rig.devices;
  if (!alice || !bob || !carol) throw new Error('three devices');
  const log = await alice.start();
  await log.append(['one', 'two', 'three'].map(rig.text));
  const changes: LogChange[] = [];
  log.subscribe((change) => changes.push(change));
  const own = (seq: number) => ({ author: alice.id, epoch: 0, seq });
  return { rig, alice, bob, carol, log, changes, own };
};

test('what another device has is told, kept over a restart, and covers what it covers', async () => {
  const { alice, bob, log, changes, own } = await stage();
  expect((await log.acknowledge(bob.id, [own(2)])).ok).toBe(true);
  expect(changes).toEqual([{ type: 'acknowledged' }]);
  for (const one of [log, await alice.start()]) {
    expect([1, 2, 3].map((seq) => one.covered(own(seq)))).toEqual([true, true, false]);
    expect(one.hasUncovered()).toBe(true);
    expect(one.acknowledged(bob.id)).toEqual([own(2)]);
  }
});

test('it never shrinks, and saying it again costs no commit', async () => {
  const { alice, bob, own } = await stage();
  let commits = 0;
  const log = await alice.start(alice.disk.open({ fate: () => (commits++, 'done') }));
  for (const seq of [3, 1, 3, 2]) expect((await log.acknowledge(bob.id, [own(seq)])).ok).toBe(true);
  expect((await log.acknowledge(bob.id, [])).ok).toBe(true);
  expect(log.acknowledged(bob.id)).toEqual([own(3)]);
  expect(log.hasUncovered()).toBe(false);
  expect(commits).toBe(1);
});

test('devices add up', async () => {
  const { bob, carol, log, own } = await stage();
  await Promise.all([log.acknowledge(bob.id, [own(1)]), log.acknowledge(carol.id, [own(3)])]);
  expect(log.covered(own(3))).toBe(true);
  expect(log.acknowledged(bob.id)).toEqual([own(1)]);
});

test('nobody has what isn’t written yet, nor logs that aren’t here', async () => {
  const { rig, bob, carol, log, own } = await stage();
  const strange = Array.from({ length: 200 }, (_, epoch) => ({ author: carol.id, epoch, seq: 1 }));
  await log.acknowledge(bob.id, [own(99), ...strange]);
  expect(log.acknowledged(bob.id)).toEqual([own(3)]);
  expect(log.covered(own(4))).toBe(false);
  // It says that this device wrote more than it has: see the store that went back in time.
  expect((await log.append([rig.text('four')])).ok).toBe(false);
});

test('what couldn’t be recorded isn’t believed', async () => {
  const { alice, bob, own } = await stage();
  const log = await alice.start(alice.disk.open({ fate: () => 'full' }));
  expect(await log.acknowledge(bob.id, [own(3)])).toEqual({ ok: false, error: 'full' });
  expect(log.covered(own(1))).toBe(false);
});
