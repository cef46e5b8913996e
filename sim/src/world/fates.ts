import type { CommitFate } from '@earshot/client/memory';

/** What becomes of a device's commits: nothing bad, unless it was said before. */
export class Fates {
  #full = false;
  #coming: CommitFate[] = [];

  /** From now on the disk has no room, or has room again. */
  fill(full: boolean): void {
    this.#full = full;
  }

  /** After `after` more commits one has this fate. */
  doom(after: number, fate: CommitFate): void {
    this.#coming = [...Array<CommitFate>(after).fill('done'), fate];
  }

  heal(): void {
    this.#full = false;
    this.#coming = [];
  }

  next(): CommitFate {
    return this.#coming.shift() ?? (this.#full ? 'full' : 'done');
  }
}
