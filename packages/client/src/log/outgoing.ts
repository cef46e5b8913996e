import {
  ENTRIES_FRAME_TARGET_BYTES,
  type EntryBytes,
  type LogId,
  type LogPosition,
  SYNC_WINDOW_BYTES,
  SYNC_WINDOW_ENTRIES,
  type VectorEntries,
} from '@earshot/protocol';
import type { Place } from './types.ts';
import { comparePlaces, type LogKey, logKey, seqIn, type Vector, vectorOf } from './vector.ts';

/** How much of something there is. */
export interface Amount {
  readonly entries: number;
  readonly bytes: number;
}

/** An entry read from the log, ready to go. */
export interface Loaded {
  readonly place: Place;
  readonly entry: EntryBytes;
  readonly bytes: number;
}

/** One log on its way to the peer. */
interface Cursor {
  readonly log: LogId;
  /** The last that the peer has or was sent. */
  readonly sent: number;
  /** The last that there is. */
  readonly last: number;
  readonly loading: boolean;
  /** The next ones after `sent`. */
  readonly loaded: readonly Loaded[];
}

interface InFlight {
  readonly place: Place;
  readonly bytes: number;
}

/** What a peer lacks, and how it gets it. */
export interface Outgoing {
  /** What the peer last said that it has; `null` before it has said so, and then nothing is sent. */
  readonly peer: Vector | null;
  readonly cursors: ReadonlyMap<LogKey, Cursor>;
  /** Sent and not acknowledged, in the order in which it was sent. */
  readonly flight: readonly InFlight[];
}

export const nothingOutgoing: Outgoing = { peer: null, cursors: new Map(), flight: [] };

/** One read of a log: enough for a frame. */
const LOAD_LIMIT: Amount = { entries: SYNC_WINDOW_ENTRIES, bytes: ENTRIES_FRAME_TARGET_BYTES };

/** This device has more now. */
export const grown = (outgoing: Outgoing, vector: VectorEntries): Outgoing => {
  const cursors = new Map(outgoing.cursors);
  for (const { author, epoch, seq } of vector) {
    const log = { author, epoch };
    const key = logKey(log);
    const cursor = cursors.get(key);
    if (cursor) cursors.set(key, { ...cursor, last: Math.max(cursor.last, seq) });
    else cursors.set(key, { log, sent: seqIn(outgoing.peer ?? new Map(), log), last: seq, loading: false, loaded: [] });
  }
  return { ...outgoing, cursors };
};

/** The peer has this: what it covers is no longer on its way. */
export const covered = (outgoing: Outgoing, entries: VectorEntries): Outgoing => {
  const peer = vectorOf(entries);
  const cursors = new Map<LogKey, Cursor>();
  for (const [key, cursor] of outgoing.cursors) {
    const sent = Math.max(cursor.sent, seqIn(peer, cursor.log));
    cursors.set(key, { ...cursor, sent, loaded: cursor.loaded.filter(({ place }) => place.seq > sent) });
  }
  const isCovered = ({ place }: InFlight): boolean => seqIn(peer, place) >= place.seq;
  // A peer takes in order what is sent in order. What lies before something that it has, it has passed over (it takes nothing more
  // of a log that forked): that must not fill the window for ever.
  const flight = outgoing.flight.slice(outgoing.flight.findLastIndex(isCovered) + 1);
  return { peer, cursors, flight };
};

/** The peer sends these itself, so it has them and all before them: none goes back to where it came from. */
export const brought = (outgoing: Outgoing, positions: readonly LogPosition[]): Outgoing => {
  const cursors = new Map(outgoing.cursors);
  for (const { author, epoch, seq } of positions) {
    const log = { author, epoch };
    const key = logKey(log);
    const cursor = cursors.get(key) ?? { log, sent: seq, last: seq, loading: false, loaded: [] };
    const sent = Math.max(cursor.sent, seq);
    cursors.set(key, { ...cursor, sent, loaded: cursor.loaded.filter(({ place }) => place.seq > sent) });
  }
  return { ...outgoing, cursors };
};

/** What a load brought. `null` where the store doesn't have what it had said. */
export const loaded = (outgoing: Outgoing, log: LogId, entries: readonly Loaded[]): Outgoing | null => {
  const key = logKey(log);
  const cursor = outgoing.cursors.get(key);
  if (!cursor || (entries.length === 0 && cursor.sent < cursor.last)) return null;
  const next = { ...cursor, loading: false, loaded: entries.filter(({ place }) => place.seq > cursor.sent) };
  return { ...outgoing, cursors: new Map(outgoing.cursors).set(key, next) };
};

/** Reads ahead for every log of which the peer lacks something. */
export const beginLoads = (
  outgoing: Outgoing,
): { outgoing: Outgoing; loads: readonly { after: LogPosition; limit: Amount }[] } => {
  if (!outgoing.peer) return { outgoing, loads: [] };
  const idle = [...outgoing.cursors].filter(([, cursor]) => isWaiting(cursor) && !cursor.loading);
  if (idle.length === 0) return { outgoing, loads: [] };
  const cursors = new Map(outgoing.cursors);
  for (const [key, cursor] of idle) cursors.set(key, { ...cursor, loading: true });
  const loads = idle.map(([, { log, sent }]) => ({ after: { ...log, seq: sent }, limit: LOAD_LIMIT }));
  return { outgoing: { ...outgoing, cursors }, loads };
};

const lacks = (cursor: Cursor): boolean => cursor.sent < cursor.last;
const isWaiting = (cursor: Cursor): boolean => lacks(cursor) && cursor.loaded.length === 0;

/**
 * The next frame within the window, in the conversation's order, which has everything after what it needs. To know what is
 * next, the next of every log must be at hand; what is collected before that is missing goes without waiting for it.
 */
export const nextFrame = (outgoing: Outgoing): { outgoing: Outgoing; entries: readonly EntryBytes[] } | null => {
  const cursors = new Map(outgoing.cursors);
  const flight = [...outgoing.flight];
  const entries: EntryBytes[] = [];
  let inFlight = flight.reduce((sum, { bytes }) => sum + bytes, 0);
  let inFrame = 0;
  for (let next = first(cursors); next; next = first(cursors)) {
    const { key, cursor, entry, place, bytes } = next;
    const windowFull = flight.length >= SYNC_WINDOW_ENTRIES || inFlight + bytes > SYNC_WINDOW_BYTES;
    if (flight.length > 0 && windowFull) break;
    if (entries.length > 0 && inFrame + bytes > ENTRIES_FRAME_TARGET_BYTES) break;
    entries.push(entry);
    flight.push({ place, bytes });
    inFlight += bytes;
    inFrame += bytes;
    cursors.set(key, { ...cursor, sent: place.seq, loaded: cursor.loaded.slice(1) });
  }
  return entries.length > 0 ? { outgoing: { ...outgoing, cursors, flight }, entries } : null;
};

const first = (
  cursors: ReadonlyMap<LogKey, Cursor>,
): (Loaded & { readonly key: LogKey; readonly cursor: Cursor }) | null => {
  let least: (Loaded & { readonly key: LogKey; readonly cursor: Cursor }) | null = null;
  for (const [key, cursor] of cursors) {
    if (!lacks(cursor)) continue;
    const [next] = cursor.loaded;
    if (!next) return null;
    if (!least || comparePlaces(next.place, least.place) < 0) least = { ...next, key, cursor };
  }
  return least;
};
