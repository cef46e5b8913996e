import {
  assert,
  type DeviceId,
  fail,
  type LogPosition,
  ok,
  type Result,
  SYNC_HELD_MAX_ENTRIES,
  VECTOR_MAX_LOGS,
} from '@earshot/protocol';
import { type Draft, place } from './draft.ts';
import type { Head } from './stored.ts';
import { comparePlaces, logKey, positionKey } from './vector.ts';
import type { ReadEntry } from './verify.ts';

/** Bytes of entries held because something before them is missing, per conversation: four windows of a peer. */
export const HELD_MAX_BYTES = 1024 * 1024;

export interface Shelf {
  /** Devices whose entries are taken. */
  readonly authors: ReadonlySet<DeviceId>;
  /** A stored entry. Rejects where the store can't be read. */
  find(at: LogPosition): Promise<ReadEntry | undefined> | ReadEntry | undefined;
}

type Outcome =
  | 'placed'
  /** Something before it is missing. */
  | 'early'
  /** It is here already, or of a log that forked. */
  | 'passed'
  /** Nobody honest writes this. */
  | 'wrong';

/**
 * Places what is complete, the rest is held; each of `arrived` has its author's signature. Finds forks.
 * `violation` where one of `arrived` is wrong: then the draft is good for nothing. A held one that turns out to be wrong is only
 * forgotten, for it isn't known any more who brought it.
 */
export const take = async (
  draft: Draft,
  arrived: readonly ReadEntry[],
  shelf: Shelf,
): Promise<Result<void, 'violation' | 'too_many_held'>> => {
  const ofThisCall = new Set(arrived);
  let left = [...draft.held.values(), ...arrived].sort((a, b) => comparePlaces(a.header, b.header));
  // Honest entries sort after what they need, so that one pass does. Only where a count lies does another find more.
  for (let placed = true; placed && left.length > 0; ) {
    placed = false;
    const early: ReadEntry[] = [];
    for (const entry of left) {
      const outcome = await takeOne(draft, entry, shelf);
      if (outcome === 'wrong' && ofThisCall.has(entry)) return fail('violation');
      if (outcome === 'early') early.push(entry);
      placed ||= outcome === 'placed';
    }
    left = early;
  }
  return hold(draft, left);
};

const hold = (draft: Draft, early: readonly ReadEntry[]): Result<void, 'too_many_held'> => {
  const held = new Map<string, ReadEntry>();
  let bytes = 0;
  for (const entry of early) {
    const other = held.get(entry.position);
    if (other) {
      if (other.id !== entry.id) fork(draft, other, entry);
      continue;
    }
    held.set(entry.position, entry);
    bytes += entry.bytes;
  }
  if (held.size > SYNC_HELD_MAX_ENTRIES || bytes > HELD_MAX_BYTES) return fail('too_many_held');
  draft.held = held;
  return ok(undefined);
};

const takeOne = async (draft: Draft, entry: ReadEntry, shelf: Shelf): Promise<Outcome> => {
  const { header, log } = entry;
  if (draft.forked.has(log)) return 'passed';
  const head = draft.heads.get(log);
  const next = (head?.seq ?? 0) + 1;
  if (header.seq < next) {
    const known = await stored(draft, shelf, header);
    if (known.id !== entry.id) fork(draft, known, entry);
    return 'passed';
  }
  if (header.seq > next) return 'early';
  if (head && head.id !== header.prev) {
    fork(draft, await stored(draft, shelf, head), entry);
    return 'passed';
  }
  if (!head && draft.heads.size >= VECTOR_MAX_LOGS - 1) return 'wrong';
  const before = await lamportBefore(draft, entry, shelf);
  if (typeof before === 'string') return before;
  if (header.lamport !== before + 1) return 'wrong';
  place(draft, entry);
  return 'placed';
};

/** The greatest count among what an entry says that it comes after. */
const lamportBefore = async (
  draft: Draft,
  entry: ReadEntry,
  shelf: Shelf,
): Promise<number | 'early' | 'passed' | 'wrong'> => {
  let lamport = draft.heads.get(entry.log)?.lamport ?? 0;
  for (const dep of entry.header.deps) {
    const log = logKey(dep);
    const head = draft.heads.get(log);
    if (dep.seq > (head?.seq ?? 0)) {
      // It will never come.
      if (draft.forked.has(log)) return 'passed';
      return head || shelf.authors.has(dep.author) ? 'early' : 'wrong';
    }
    const known = head?.seq === dep.seq ? head : placeOf(await stored(draft, shelf, dep));
    if (known.id !== dep.id) return 'wrong';
    lamport = Math.max(lamport, known.lamport);
  }
  return lamport;
};

const placeOf = ({ id, header }: ReadEntry): Pick<Head, 'id' | 'lamport'> => ({ id, lamport: header.lamport });

/** An entry at or before the head of its log. */
const stored = async (draft: Draft, shelf: Shelf, at: LogPosition): Promise<ReadEntry> => {
  const found = draft.fresh.get(positionKey(at)) ?? (await shelf.find(at));
  assert(found, 'everything up to a head is stored');
  return found;
};

const fork = (draft: Draft, known: ReadEntry, other: ReadEntry): void => {
  const { author, epoch } = other.header;
  if (draft.forked.has(other.log)) return;
  draft.forked.set(other.log, { author, epoch });
  draft.forks.push({ log: { author, epoch }, evidence: { known: known.entry, other: other.entry } });
};
