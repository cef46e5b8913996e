import type { PeerFrame } from '@earshot/protocol';
import { expect, test } from 'vitest';
import { createRig, type Rig, type RigDevice } from './rig.ts';
import { startSync } from './sync.ts';
import type { ConversationLog, LogSync, ReceiveFault } from './types.ts';

interface Side {
  readonly log: ConversationLog;
  readonly sync: LogSync;
  readonly sent: PeerFrame[];
  readonly faults: ReceiveFault[];
}

/** Two logs over a link that carries every frame on a turn of its own. */
const connect = (a: ConversationLog, b: ConversationLog, ids: readonly [RigDevice, RigDevice]): [Side, Side] => {
  const sides: { sync?: LogSync; sent: PeerFrame[]; faults: ReceiveFault[] }[] = [
    { sent: [], faults: [] },
    { sent: [], faults: [] },
  ];
  const start = (at: 0 | 1, log: ConversationLog): Side => {
    const side = sides[at];
    const other = sides[1 - at];
    if (!side || !other) throw new Error('two sides');
    const sync = startSync(log, {
      device: ids[1 - at]?.id ?? ids[0].id,
      full: () => false,
      failed: (fault) => side.faults.push(fault),
      send(frame) {
        side.sent.push(frame);
        queueMicrotask(() => {
          if (frame.type === 'have' || frame.type === 'entries') other.sync?.handle(frame);
        });
        return true;
      },
    });
    side.sync = sync;
    return { log, sync, sent: side.sent, faults: side.faults };
  };
  return [start(0, a), start(1, b)];
};

const settled = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
};

const pair = async (): Promise<{ rig: Rig; alice: RigDevice; bob: RigDevice }> => {
  const rig = await createRig(2);
  const [alice, bob] = rig.devices;
  if (!alice || !bob) throw new Error('two devices');
  return { rig, alice, bob };
};

test('two that meet have the same afterwards, and know it', async () => {
  const { rig, alice, bob } = await pair();
  const [a, b] = [await alice.start(), await bob.start()];
  for (let i = 0; i < 300; i++) await a.append([rig.text(`a${i}`)]);
  for (let i = 0; i < 5; i++) await b.append([rig.text(`b${i}`)]);
  const [one, two] = connect(a, b, [alice, bob]);
  await settled();
  expect(await a.page(null, 1000)).toEqual(await b.page(null, 1000));
  expect(await a.page(null, 1000)).toHaveLength(305);
  expect([a.hasUncovered(), b.hasUncovered()]).toEqual([false, false]);
  await a.append([rig.text('now')]);
  await settled();
  expect(a.hasUncovered()).toBe(false);
  expect([one.faults, two.faults]).toEqual([[], []]);
});
