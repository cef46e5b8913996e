/** Something that waits for its turn to write. */
export interface Turn {
  /** How much it is likely to write, entries. */
  readonly entries: number;
  /** Has a commit of its own. */
  readonly alone: boolean;
}

/** Entries that go into one commit, about: so that one big commit doesn't keep a short message waiting. */
const GROUP_MAX_ENTRIES = 512;

/** One writer at a time; what comes while a group is being written goes together in the next. */
export class TurnQueue<T extends Turn> {
  readonly #write: (group: readonly T[]) => Promise<void>;
  #waiting: T[] = [];
  #writing = false;

  /** `write` never rejects: what goes wrong, it tells the turns. */
  constructor(write: (group: readonly T[]) => Promise<void>) {
    this.#write = write;
  }

  add(turn: T): void {
    this.#waiting.push(turn);
    if (!this.#writing) void this.#run();
  }

  async #run(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const size = groupSize(this.#waiting);
      const group = this.#waiting.slice(0, size);
      this.#waiting = this.#waiting.slice(size);
      await this.#write(group);
    }
    this.#writing = false;
  }
}

const groupSize = (waiting: readonly Turn[]): number => {
  let entries = 0;
  let size = 0;
  for (const turn of waiting) {
    entries += turn.entries;
    if (size > 0 && (turn.alone || entries > GROUP_MAX_ENTRIES)) break;
    size++;
    if (turn.alone) break;
  }
  return size;
};
