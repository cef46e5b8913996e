import { WAITING_MAX_BYTES, WAITING_SHARE_BYTES, WAITING_TOTAL_MAX_BYTES } from './limits.ts';

/**
 * What waits in the process for those who read more slowly than they are written to. A moment's jam on a poor link may use
 * the common budget; who uses it up, or goes beyond a bound of their own, is cut off.
 */
export class SlowReaders {
  readonly #waiting = new Map<object, number>();
  #total = 0;

  /** After each write that left something waiting, bytes. Answers whether its reader must be cut off. */
  mustGo(reader: object, bytes: number): boolean {
    this.#set(reader, bytes > WAITING_SHARE_BYTES ? bytes : 0);
    return bytes > WAITING_MAX_BYTES || (bytes > WAITING_SHARE_BYTES && this.#total > WAITING_TOTAL_MAX_BYTES);
  }

  /** It has read everything, or is gone. */
  forget(reader: object): void {
    this.#set(reader, 0);
  }

  /** Bytes of the common budget in use. */
  get total(): number {
    return this.#total;
  }

  #set(reader: object, bytes: number): void {
    this.#total += bytes - (this.#waiting.get(reader) ?? 0);
    if (bytes > 0) this.#waiting.set(reader, bytes);
    else this.#waiting.delete(reader);
  }
}
