/** Gathers who has something to write in this turn of the event loop, and lets them write at its end. */
export class Turn {
  #flushes: (() => void)[] = [];
  #scheduled = false;

  atEnd(flush: () => void): void {
    this.#flushes.push(flush);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#end());
  }

  #end(): void {
    const flushes = this.#flushes;
    this.#flushes = [];
    this.#scheduled = false;
    for (const flush of flushes) flush();
  }
}
