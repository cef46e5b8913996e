import {
  bodyHash,
  decodeBody,
  decodeFrame,
  decodeHeader,
  type EntryBytes,
  encodeBody,
  encodeFrame,
  encodeHeader,
  entryId,
  type PeerFrame,
} from '@earshot/protocol';
import type { Dice } from '../dice.ts';
import { Violation } from '../invariants/violation.ts';
import type { WorldContext } from './context.ts';

type Entries = Extract<PeerFrame, { type: 'entries' }>;

/** Codes of frames (SPEC.md, section 4). */
const HAVE = 16;
const ENTRIES = 17;

/** Listens at what a device sends to its peers; when told to, changes it as a broken or hostile peer would. */
export class Mischief {
  readonly #world: WorldContext;
  readonly #dice: Dice;
  readonly #who: string;
  #on = false;
  #forged = 0;
  #firstHave: Uint8Array | null = null;
  /** A frame that was held back, with what sends it. */
  #kept: { readonly data: Uint8Array; send(data: Uint8Array): void } | null = null;

  constructor(world: WorldContext, dice: Dice, who: string) {
    this.#world = world;
    this.#dice = dice;
    this.#who = who;
  }

  turn(on: boolean): void {
    this.#on = on;
    // A channel is reliable: what is late still comes.
    this.#kept?.send(this.#kept.data);
    this.#kept = null;
  }

  /** What goes out in place of this frame. */
  sends(data: Uint8Array, later: (data: Uint8Array) => void): readonly Uint8Array[] {
    this.#world.trace.add(this.#world.time.now, this.#who, 'sends', data.length, () => readable(data));
    if (data[0] === HAVE) return this.#on ? this.#claims(data) : [data];
    if (data[0] !== ENTRIES) return [data];
    const frame = decodeFrame(data);
    if (!frame.ok || frame.value.type !== 'entries') return [data];
    for (const entry of frame.value.entries) this.#watch(entry);
    return this.#on ? this.#change(data, frame.value, later) : [data];
  }

  /** No number is ever on the wire with two entries. */
  #watch({ header }: EntryBytes): void {
    const decoded = decodeHeader(header);
    if (!decoded.ok) return;
    try {
      this.#world.numbers.saw(decoded.value, entryId(this.#world.crypto.hash, header));
    } catch (error) {
      if (error instanceof Violation) this.#world.broke(error);
    }
  }

  /** Says again that it has what it had long ago. */
  #claims(data: Uint8Array): readonly Uint8Array[] {
    this.#firstHave ??= data;
    return this.#dice.chance(0.4) ? [data, this.#firstHave] : [data];
  }

  #change(data: Uint8Array, frame: Entries, later: (data: Uint8Array) => void): readonly Uint8Array[] {
    const kept = this.#kept;
    this.#kept = null;
    const before = kept?.send === later ? [kept.data] : [];
    if (kept && before.length === 0) kept.send(kept.data);
    switch (this.#dice.between(0, 7)) {
      case 0:
        return [data, ...before, data];
      case 1:
        this.#kept = { data, send: later };
        return before;
      case 2:
        return [...before, ...frame.entries.toReversed().map((entry) => encodeFrame({ ...frame, entries: [entry] }))];
      case 3:
        return [encodeFrame({ ...frame, entries: frame.entries.map((entry) => this.#otherText(entry)) })];
      case 4:
        return [encodeFrame({ ...frame, entries: frame.entries.map((entry) => this.#next(entry)) })];
      case 5:
        return [data.slice(0, this.#dice.between(1, data.length - 1))];
      case 6:
        return [...before, data, encodeFrame({ ...frame, entries: frame.entries.map((entry) => this.#next(entry)) })];
      default:
        return [data, ...before];
    }
  }

  /** The entry with words that its author never wrote, fitting together in all but the signature. */
  #otherText(entry: EntryBytes): EntryBytes {
    const header = decodeHeader(entry.header);
    const body = decodeBody(entry.body);
    if (!header.ok || !body.ok || body.value.kind !== 'text') return entry;
    const forged = encodeBody({ ...body.value, text: `forged-${++this.#forged}` });
    const { hash } = this.#world.crypto;
    return { ...entry, header: encodeHeader({ ...header.value, bodyHash: bodyHash(hash, forged) }), body: forged };
  }

  /** An entry that would come next in the same log, had its author written it. */
  #next(entry: EntryBytes): EntryBytes {
    const other = this.#otherText(entry);
    const header = decodeHeader(other.header);
    if (!header.ok) return entry;
    const { seq, lamport } = header.value;
    const prev = entryId(this.#world.crypto.hash, entry.header);
    return { ...other, header: encodeHeader({ ...header.value, seq: seq + 1, lamport: lamport + 1, prev, deps: [] }) };
  }
}

const readable = (data: Uint8Array): string => {
  const frame = decodeFrame(data);
  if (!frame.ok) return 'malformed';
  const { value } = frame;
  if (value.type === 'have')
    return `have ${value.vector.map(({ author, seq }) => `${author.slice(0, 4)}:${seq}`).join(' ')}`;
  if (value.type !== 'entries') return value.type;
  return `entries ${value.entries.map(textOf).join(' ')}`;
};

const textOf = ({ body }: EntryBytes): string => {
  const decoded = decodeBody(body);
  return decoded.ok && decoded.value.kind === 'text' ? decoded.value.text : '?';
};
