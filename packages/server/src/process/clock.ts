import type { Clock } from '../introducer/types.ts';

/** Longest wait that the platform takes, ms. */
const TIMEOUT_MAX_MS = 2 ** 31 - 1;

/** The machine's own time. Its timers keep no process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, act) {
    const timer = setTimeout(act, Math.min(ms, TIMEOUT_MAX_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
