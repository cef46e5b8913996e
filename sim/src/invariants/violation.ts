/** What must hold in every run, after every step and at the end. */
export const INVARIANTS = {
  arrives: 'what was queued arrives, once the two are connected',
  stays: 'what was once shown as queued or received is shown again after every crash and reload',
  once: 'no message is shown twice',
  order: 'messages are shown in causal order, and in the order in which their author wrote them',
  agrees: 'the same messages are shown in the same order everywhere',
  durable: 'what is shown as delivered is on the other device’s disk',
  numbers: 'no device signs two entries with one number',
  forward: 'a message’s state never moves backwards',
  genuine: 'only what somebody wrote is shown, and as theirs who wrote it',
  private: 'nobody but its addressee gets to see what was written',
  bounded: 'timers, connections and held data stay within bounds',
  quiet: 'no promise is rejected unheard, no callback throws',
  server: 'the server throws at nothing',
} as const;

export type Invariant = keyof typeof INVARIANTS;

/** An invariant that didn't hold. */
export class Violation extends Error {
  readonly invariant: Invariant;

  constructor(invariant: Invariant, what: string) {
    super(what);
    this.name = 'Violation';
    this.invariant = invariant;
  }
}
