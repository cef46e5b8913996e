import type { Ledger, Written } from './ledger.ts';
import { Violation } from './violation.ts';

export interface ShownMessage {
  readonly id: string;
  readonly text: string;
  /** `null`: theirs. */
  readonly state: 'queued' | 'sent' | 'delivered' | null;
}

/** One conversation as a screen shows it. */
export interface ShownConversation {
  readonly key: string;
  /** With whom, by what the simulation calls them; `null` where the device doesn't know yet. */
  readonly other: string | null;
  readonly messages: readonly ShownMessage[];
  /** Whether all of it is loaded. */
  readonly complete: boolean;
}

export interface DisplayDeps {
  readonly ledger: Ledger;
  /** Whether this text is on the disk of that device now. */
  onDisk(device: string, text: string): boolean;
}

const RANKS = { queued: 0, sent: 1, delivered: 2 } as const;

/** Watches one device's screen through all its processes: what was seen on it once is remembered. */
export class Display {
  readonly device: string;
  readonly #deps: DisplayDeps;
  /** Every text that was on this screen, or was promised to be, with how far its state had come. */
  readonly #seen = new Map<string, number>();

  constructor(device: string, deps: DisplayDeps) {
    this.device = device;
    this.#deps = deps;
  }

  /** The composer's text was taken: from now on it must be there. */
  promised(text: string): void {
    if (!this.#seen.has(text)) this.#seen.set(text, RANKS.queued);
  }

  /** A screen of one process, whole. Throws {@link Violation}. */
  check(conversations: readonly ShownConversation[]): void {
    const shown = new Set<string>();
    for (const conversation of conversations) {
      this.#once(conversation, shown);
      for (const message of conversation.messages) this.#message(conversation, message);
      if (conversation.complete) this.#order(conversation);
    }
    if (conversations.every(({ complete }) => complete)) this.#stays(shown);
  }

  #once({ messages }: ShownConversation, shown: Set<string>): void {
    const ids = new Set<string>();
    for (const { id, text } of messages) {
      if (shown.has(text) || ids.has(id)) throw new Violation('once', `${this.device} shows "${text}" twice`);
      shown.add(text);
      ids.add(id);
    }
  }

  #message({ other }: ShownConversation, { text, state }: ShownMessage): void {
    const written = this.#genuine(text, state === null ? other : this.device);
    this.#private(written, other, state === null);
    written.shown = true;
    const rank = state === null ? RANKS.queued : RANKS[state];
    const before = this.#seen.get(text) ?? rank;
    if (rank < before)
      throw new Violation('forward', `${this.device} shows "${text}" as ${state} after more than that`);
    this.#seen.set(text, rank);
    if (state !== 'delivered' || written.audience === null) return;
    if (!this.#deps.onDisk(written.audience, text)) {
      throw new Violation(
        'durable',
        `${this.device} shows "${text}" as delivered; ${written.audience} hasn't stored it`,
      );
    }
  }

  #genuine(text: string, author: string | null): Written {
    const written = this.#deps.ledger.find(text);
    if (!written) throw new Violation('genuine', `${this.device} shows "${text}", which nobody wrote`);
    if (written.outcome === 'refused')
      throw new Violation('genuine', `${this.device} shows "${text}", which was refused`);
    if (written.author !== author) {
      throw new Violation('genuine', `${this.device} shows "${text}" of ${written.author} as ${author}'s`);
    }
    return written;
  }

  #private(written: Written, other: string | null, theirs: boolean): void {
    const reader = theirs ? this.device : other;
    if (reader === null) return;
    written.audience ??= reader;
    if (written.audience !== reader) {
      throw new Violation(
        'private',
        `"${written.text}" was written to ${written.audience}; ${this.device} shows it with ${reader}`,
      );
    }
  }

  #order({ messages }: ShownConversation): void {
    const places = new Map(messages.map(({ text }, place) => [text, place]));
    messages.forEach(({ text }, place) => {
      for (const earlier of this.#deps.ledger.find(text)?.after ?? []) {
        const at = places.get(earlier);
        if (at === undefined ? this.#mustBeThere(earlier) : at > place) {
          throw new Violation('order', `${this.device} shows "${text}" without "${earlier}" before it`);
        }
      }
    });
  }

  /** What the author only tried to write may never have come to be. */
  #mustBeThere(text: string): boolean {
    const written = this.#deps.ledger.find(text);
    return written?.outcome === 'accepted' || written?.shown === true;
  }

  #stays(shown: ReadonlySet<string>): void {
    for (const text of this.#seen.keys()) {
      if (!shown.has(text)) throw new Violation('stays', `${this.device} doesn't show "${text}" any more`);
    }
  }
}

/** Two screens of one conversation agree on the order of whatever both show. */
export const agree = (a: readonly ShownMessage[], b: readonly ShownMessage[], who: string): void => {
  const inB = new Map(b.map(({ text }, place) => [text, place]));
  let last = -1;
  for (const { text } of a) {
    const place = inB.get(text);
    if (place === undefined) continue;
    if (place < last) throw new Violation('agrees', `${who} show "${text}" in different places`);
    last = place;
  }
};
