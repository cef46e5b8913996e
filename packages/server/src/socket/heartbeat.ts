import { HEARTBEAT_MS, HEARTBEAT_SLOTS } from './limits.ts';

export interface Beating {
  /** Its moment has come. */
  beat(): void;
}

/** A wheel of slots: each tick is the moment of one slot, so that not everybody is pinged at once. */
export class Heartbeat {
  readonly #slots: Set<Beating>[] = Array.from({ length: HEARTBEAT_SLOTS }, () => new Set());
  readonly #timer: NodeJS.Timeout;
  #now = 0;
  #next = 0;

  constructor(everyMs = HEARTBEAT_MS) {
    this.#timer = setInterval(() => this.#tick(), everyMs / HEARTBEAT_SLOTS);
    this.#timer.unref();
  }

  /** Answers what takes it off the wheel again. */
  add(beating: Beating): () => void {
    // Round the wheel, so that those who come together don't beat together.
    const slot = this.#slots[this.#next++ % HEARTBEAT_SLOTS];
    slot?.add(beating);
    return () => slot?.delete(beating);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    for (const beating of this.#slots[this.#now++ % HEARTBEAT_SLOTS] ?? []) beating.beat();
  }
}
