import type { DeviceId } from '@earshot/protocol';
import { expect, test } from 'vitest';
import { beginLoads, brought, covered, grown, nothingOutgoing } from './outgoing.ts';

const theirs = { author: 'theirs' as DeviceId, epoch: 0 };
const mine = { author: 'mine' as DeviceId, epoch: 0 };
const at = (seq: number): { seq: number } => ({ seq });

test('nothing goes back to the peer that it came from, and what came from elsewhere does go', () => {
  const met = covered(nothingOutgoing, []);
  const came = brought(met, [
    { ...theirs, ...at(1) },
    { ...theirs, ...at(2) },
  ]);
  const stored = grown(came, [{ ...theirs, ...at(2) }]);
  expect(beginLoads(stored).loads).toEqual([]);
  const more = grown(stored, [
    { ...theirs, ...at(3) },
    { ...mine, ...at(1) },
  ]);
  expect(beginLoads(more).loads.map(({ after }) => after)).toEqual([
    { ...theirs, seq: 2 },
    { ...mine, seq: 0 },
  ]);
});
