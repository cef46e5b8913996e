import { CHANNEL_LOW_WATER_BYTES } from '@earshot/protocol';
import type { Clock } from '../ports/index.ts';
import type { MemoryConnection } from './rtc-connection.ts';

/** What a browser keeps for a channel before it refuses more, bytes. */
const BUFFER_MAX_BYTES = 16 * 1024 * 1024;

interface Parcel {
  readonly data: Uint8Array;
  /** By the clock's `elapsed()`, ms. */
  readonly due: number;
}

/** One way of a channel: ordered and reliable, for as long as it lasts. */
export class Pipe {
  readonly #clock: Clock;
  readonly #from: MemoryConnection;
  readonly #to: MemoryConnection;
  #parcels: Parcel[] = [];
  #bytes = 0;
  /** `null` while nothing is under way. */
  #cancel: (() => void) | null = null;
  #stopped = false;

  constructor(clock: Clock, from: MemoryConnection, to: MemoryConnection) {
    this.#clock = clock;
    this.#from = from;
    this.#to = to;
  }

  /** What was pushed and hasn't arrived, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  push(data: Uint8Array, latencyMs: number): boolean {
    if (this.#bytes + data.length > BUFFER_MAX_BYTES) return false;
    const last = this.#parcels.at(-1)?.due ?? 0;
    this.#parcels.push({ data: data.slice(), due: Math.max(last, this.#clock.elapsed() + latencyMs) });
    this.#bytes += data.length;
    this.flow();
    return true;
  }

  /** Goes on: the receiving end is open now, or something was pushed. */
  flow(): void {
    const next = this.#parcels[0];
    if (next === undefined || this.#stopped || this.#cancel !== null || !this.#to.opened) return;
    this.#cancel = this.#clock.after(Math.max(0, next.due - this.#clock.elapsed()), () => {
      this.#cancel = null;
      this.deliver();
      this.flow();
    });
  }

  /** Hands over what is due. */
  deliver(): void {
    const now = this.#clock.elapsed();
    const before = this.#bytes;
    const due = this.#parcels.findIndex((parcel) => parcel.due > now);
    const parcels = this.#parcels.splice(0, due < 0 ? this.#parcels.length : due);
    this.#bytes -= parcels.reduce((sum, { data }) => sum + data.length, 0);
    for (const { data } of parcels) {
      if (this.#from.options.channel === this.#to.options.channel) this.#to.tell((to) => to.received(data));
    }
    if (before > CHANNEL_LOW_WATER_BYTES && this.#bytes <= CHANNEL_LOW_WATER_BYTES) {
      this.#from.tell((from) => from.drained());
    }
  }

  /** The way is cut: what is under way waits at the sender. */
  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = null;
  }

  resume(latencyMs: number): void {
    const due = this.#clock.elapsed() + latencyMs;
    this.#parcels = this.#parcels.map(({ data }) => ({ data, due }));
    this.#stopped = false;
    this.flow();
  }

  /** What is under way is lost. */
  clear(): void {
    this.stop();
    this.#parcels = [];
    this.#bytes = 0;
  }
}
