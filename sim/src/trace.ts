const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** What happened in a run: always as one number that two equal runs share, and as lines where somebody wants to read them. */
export class Trace {
  readonly #lines: string[] | null;
  #hash = FNV_OFFSET;

  constructor(readable: boolean) {
    this.#lines = readable ? [] : null;
  }

  get readable(): boolean {
    return this.#lines !== null;
  }

  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }

  get lines(): readonly string[] {
    return this.#lines ?? [];
  }

  /** `detail` belongs to the run's hash; `more` is for readers alone. */
  add(at: number, who: string, what: string, detail: string | number = '', more?: () => string): void {
    this.#fold(at);
    this.#text(who);
    this.#text(what);
    if (typeof detail === 'number') this.#fold(detail);
    else this.#text(detail);
    if (!this.#lines) return;
    const rest = more ? ` ${more()}` : '';
    this.#lines.push(`${at.toFixed(0).padStart(8)} ms  ${who.padEnd(9)} ${what} ${detail}${rest}`.trimEnd());
  }

  #fold(value: number): void {
    this.#hash = Math.imul(this.#hash ^ (value | 0), FNV_PRIME);
  }

  #text(text: string): void {
    for (let i = 0; i < text.length; i++) this.#fold(text.charCodeAt(i));
    this.#fold(text.length);
  }
}
