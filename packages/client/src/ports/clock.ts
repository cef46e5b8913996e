/** Time. Real in a browser, virtual in a simulation; the engine knows no other. */
export interface Clock {
  /** Wall time, ms since 1970. May jump either way: show it, never subtract it. */
  now(): number;
  /** ms since some fixed moment; never goes back. Stops while the machine sleeps, or doesn't. */
  elapsed(): number;
  /** Runs `act` once, `ms` from now or later. Answers what cancels it. */
  after(ms: number, act: () => void): () => void;
}
