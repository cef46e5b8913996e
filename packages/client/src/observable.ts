/** A value that changes over time: look at it now, or be told of each change. */
export interface Observable<T> {
  get(): T;
  /** Calls `listener` after each change, not at once. Answers what ends it. */
  subscribe(listener: (value: T) => void): () => void;
}

/** An observable with its pen. A listener that throws harms neither the others nor the writer. */
export class Subject<T> implements Observable<T> {
  #value: T;
  readonly #listeners = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  subscribe(listener: (value: T) => void): () => void {
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }
}
