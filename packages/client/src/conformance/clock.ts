import type { Clock } from '../ports/index.ts';

export interface ClockHarness {
  readonly clock: Clock;
  /** Lets about `ms` pass, and all timers run that are due by then. */
  pass(ms: number): Promise<void>;
}

/** One thing that every adapter of a port must do. `run` throws where it doesn't. */
export interface ClockCheck {
  readonly name: string;
  run(harness: ClockHarness): Promise<void>;
}

const expect = (condition: boolean, what: string): void => {
  if (!condition) throw new Error(what);
};

/** Long enough for a real clock's timers not to change places, ms. */
const STEP_MS = 30;
/** More than 31 bits of ms: platforms run such a timer at once. */
const VERY_LONG_MS = 2 ** 31 + 1_000;

/** What every {@link Clock} does, whatever is under it. */
export const clockConformance: readonly ClockCheck[] = [
  {
    name: 'runs what is due, once, and never before it was asked to pass',
    async run({ clock, pass }) {
      let runs = 0;
      clock.after(STEP_MS, () => runs++);
      expect(runs === 0, 'ran at once');
      await pass(2 * STEP_MS);
      expect(runs === 1, `ran ${runs} times`);
      await pass(2 * STEP_MS);
      expect(runs === 1, 'ran again');
    },
  },
  {
    name: 'runs a timer of zero or less soon, but not inside the call',
    async run({ clock, pass }) {
      let runs = 0;
      clock.after(0, () => runs++);
      clock.after(-5, () => runs++);
      expect(runs === 0, 'ran inside the call');
      await pass(STEP_MS);
      expect(runs === 2, `${runs} of 2 ran`);
    },
  },
  {
    name: 'runs in the order of what is due, and of asking where that is the same',
    async run({ clock, pass }) {
      const ran: number[] = [];
      clock.after(3 * STEP_MS, () => ran.push(4));
      clock.after(STEP_MS, () => ran.push(1));
      clock.after(STEP_MS, () => ran.push(2));
      clock.after(2 * STEP_MS, () => ran.push(3));
      await pass(5 * STEP_MS);
      expect(ran.join() === '1,2,3,4', `ran ${ran.join()}`);
    },
  },
  {
    name: 'never runs what was cancelled, also by another timer of the same moment; cancelling twice or late harms nothing',
    async run({ clock, pass }) {
      const ran: string[] = [];
      const cancel = clock.after(STEP_MS, () => ran.push('cancelled'));
      cancel();
      cancel();
      let cancelSecond = (): void => undefined;
      clock.after(STEP_MS, () => {
        ran.push('first');
        cancelSecond();
      });
      cancelSecond = clock.after(STEP_MS, () => ran.push('second'));
      const cancelLate = clock.after(STEP_MS, () => ran.push('third'));
      await pass(3 * STEP_MS);
      cancelLate();
      expect(ran.join() === 'first,third', `ran ${ran.join()}`);
    },
  },
  {
    name: 'a timer may set another',
    async run({ clock, pass }) {
      let runs = 0;
      clock.after(1, () => clock.after(1, () => runs++));
      await pass(2 * STEP_MS);
      expect(runs === 1, 'the second never ran');
    },
  },
  {
    name: 'a wait of weeks isn’t over at once',
    async run({ clock, pass }) {
      let runs = 0;
      const cancel = clock.after(VERY_LONG_MS, () => runs++);
      await pass(2 * STEP_MS);
      cancel();
      expect(runs === 0, 'ran at once');
    },
  },
  {
    name: 'elapsed time goes on with the timers, and never back',
    async run({ clock, pass }) {
      const start = clock.elapsed();
      let seen = Number.NaN;
      clock.after(STEP_MS, () => {
        seen = clock.elapsed();
      });
      await pass(2 * STEP_MS);
      // A platform may round down to the ms.
      expect(seen - start >= STEP_MS - 1, `${seen - start} ms at a timer of ${STEP_MS}`);
      expect(clock.elapsed() >= seen, 'went back');
    },
  },
  {
    name: 'wall time is a whole number of ms since 1970',
    async run({ clock }) {
      const now = clock.now();
      expect(Number.isSafeInteger(now) && now > Date.UTC(2020, 0, 1), String(now));
    },
  },
];
