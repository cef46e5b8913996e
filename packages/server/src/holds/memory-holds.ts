import type { Hold, HoldStore } from '../introducer/types.ts';

/** Holds that end with the process: for simulations, and for a server without a disk. */
export const createMemoryHolds = (): HoldStore => {
  const holds = new Map<string, Hold>();
  return {
    get size() {
      return holds.size;
    },
    get: (folded) => holds.get(folded),
    put(folded, hold) {
      holds.set(folded, hold);
      return Promise.resolve();
    },
    delete(folded) {
      holds.delete(folded);
      return Promise.resolve();
    },
    sweep(now) {
      for (const [folded, { until }] of holds) if (until < now) holds.delete(folded);
      return Promise.resolve();
    },
  };
};
