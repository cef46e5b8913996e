/** What became of the question whether a text may be sent. `unknown`: the process died before the answer, or its store broke. */
export type Outcome = 'asked' | 'accepted' | 'refused' | 'unknown';

/** One text that somebody wrote; every text of a run is another. */
export interface Written {
  readonly text: string;
  /** Who wrote it, by what the simulation calls them. */
  readonly author: string;
  /** For whom, as soon as the author's device knows. */
  audience: string | null;
  /** What the author had before their eyes, or had written just before, in the same conversation. */
  readonly after: readonly string[];
  outcome: Outcome;
  /** Whether any screen has shown it. */
  shown: boolean;
}

/** All that was written in a run, beyond every process and disk. */
export class Ledger {
  readonly #written = new Map<string, Written>();

  write(entry: Pick<Written, 'text' | 'author' | 'audience' | 'after'>): Written {
    const written: Written = { ...entry, outcome: 'asked', shown: false };
    this.#written.set(written.text, written);
    return written;
  }

  find(text: string): Written | undefined {
    return this.#written.get(text);
  }

  all(): Iterable<Written> {
    return this.#written.values();
  }
}
