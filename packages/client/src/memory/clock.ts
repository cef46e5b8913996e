import type { Clock } from '../ports/index.ts';

interface Timer {
  readonly due: number;
  /** Timers that are due at one moment run in the order in which they were set. */
  readonly order: number;
  readonly act: () => void;
  state: 'waiting' | 'cancelled' | 'ran';
}

/** A clock on a {@link VirtualTime}: one process has one. */
export interface VirtualClock extends Clock {
  /** Timers that wait now. */
  readonly waiting: number;
  /** Moves the wall time by `ms`, either way. */
  jump(ms: number): void;
  /** No timer of this clock runs any more. */
  kill(): void;
}

/** The moment at which virtual walls begin, ms since 1970: the first of January 2030. */
const WALL_START_MS = 1_893_456_000_000;

/** Time that stands still until it is told to go on, shared by as many clocks as are asked for. */
export class VirtualTime {
  #now = 0;
  #set = 0;
  /** A binary heap: the first is due next. Cancelled timers stay until their turn. */
  readonly #heap: Timer[] = [];

  /** ms since the beginning. */
  get now(): number {
    return this.#now;
  }

  clock(wall = WALL_START_MS): VirtualClock {
    let offset = wall - this.#now;
    let waiting = 0;
    let killed = false;
    return {
      now: () => Math.floor(this.#now + offset),
      elapsed: () => this.#now,
      after: (ms, act) => {
        const timer = this.#add(ms, () => {
          waiting--;
          if (!killed) act();
        });
        waiting++;
        return () => {
          if (timer.state === 'waiting') {
            timer.state = 'cancelled';
            waiting--;
          }
        };
      },
      get waiting() {
        return killed ? 0 : waiting;
      },
      jump: (ms) => {
        offset += ms;
      },
      kill: () => {
        killed = true;
      },
    };
  }

  /** When the next timer is due, ms since the beginning; `null` where none waits. */
  next(): number | null {
    for (let timer = this.#heap[0]; timer; timer = this.#heap[0]) {
      if (timer.state === 'waiting') return timer.due;
      this.#take();
    }
    return null;
  }

  /** Goes to the next timer and runs that one; answers whether there was one. */
  step(): boolean {
    const due = this.next();
    const timer = due === null ? undefined : this.#take();
    if (!timer) return false;
    this.#now = Math.max(this.#now, timer.due);
    timer.state = 'ran';
    timer.act();
    return true;
  }

  /** Lets `ms` pass and runs, without a pause, every timer that becomes due. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let due = this.next(); due !== null && due <= end; due = this.next()) this.step();
    this.#now = end;
  }

  #add(ms: number, act: () => void): Timer {
    const timer: Timer = { due: this.#now + Math.max(0, ms), order: this.#set++, act, state: 'waiting' };
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (!above || before(above, timer)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = timer;
    return timer;
  }

  #take(): Timer | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!last || last === first) return first;
    let at = 0;
    for (;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = less(heap[right], heap[left]) ? right : left;
      const below = heap[child];
      if (!below || before(last, below)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

const before = (a: Timer, b: Timer): boolean => a.due < b.due || (a.due === b.due && a.order < b.order);
const less = (a: Timer | undefined, b: Timer | undefined): boolean =>
  a !== undefined && b !== undefined && before(a, b);

/** A clock with a time of its own, for tests of one thing. */
export const createVirtualClock = (wall?: number): VirtualClock & { advance(ms: number): void } => {
  const time = new VirtualTime();
  return Object.assign(time.clock(wall), { advance: (ms: number) => time.advance(ms) });
};
