import type { Clock } from '@earshot/client';

/** The longest delay that `setTimeout` takes, ms; a longer one would fire at once (HTML, timers: a signed 32-bit number). */
const DELAY_MAX_MS = 2 ** 31 - 1;

/**
 * The browser's time. In a page that nobody sees, browsers let timers come late, by a second and more (Chromium by a minute,
 * but not while a data channel is open): `after` promises "or later", and `watchNetwork` tells when the page is seen again.
 */
export const createClock = (): Clock => ({
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (ms, act) => {
    const due = performance.now() + ms;
    let timer: ReturnType<typeof setTimeout>;
    const wait = (): void => {
      const left = due - performance.now();
      timer = setTimeout(left > DELAY_MAX_MS ? wait : act, Math.min(Math.max(left, 0), DELAY_MAX_MS));
    };
    wait();
    return () => clearTimeout(timer);
  },
});
