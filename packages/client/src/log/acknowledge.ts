import type { DeviceId, VectorEntries } from '@earshot/protocol';
import type { Draft } from './draft.ts';
import { logKey, merged } from './vector.ts';

/**
 * Merges what a device says that it has. Nobody has what doesn't exist: a claim counts up to what is stored here, so that no claim makes
 * a message delivered that is yet to be written, and so that a vector is bounded by the logs that are here.
 */
export const acknowledge = (draft: Draft, device: DeviceId, vector: VectorEntries): void => {
  const believed: VectorEntries = vector.flatMap((at) => {
    const head = draft.heads.get(logKey(at));
    return head ? [{ author: at.author, epoch: at.epoch, seq: Math.min(at.seq, head.seq) }] : [];
  });
  const known = draft.acked.get(device) ?? new Map();
  const grown = merged(known, believed);
  if (grown === known) return;
  draft.acked.set(device, grown);
  draft.acknowledging.add(device);
};
