import type { Clock } from '../introducer/types.ts';

export interface VirtualClock extends Clock {
  pass(ms: number): void;
  /** Timers that wait. */
  readonly waiting: number;
}

/** Time that passes when a test says so. */
export const virtualClock = (): VirtualClock => {
  const start = Date.UTC(2030, 0, 1);
  const timers = new Set<{ readonly at: number; readonly act: () => void }>();
  let now = 0;
  const next = (until: number) => [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => start + now,
    elapsed: () => now,
    after(ms, act) {
      const timer = { at: now + ms, act };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass(ms) {
      const until = now + ms;
      for (let timer = next(until); timer; timer = next(until)) {
        timers.delete(timer);
        now = timer.at;
        timer.act();
      }
      now = until;
    },
    get waiting() {
      return timers.size;
    },
  };
};
