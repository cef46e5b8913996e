import {
  decodeHeader,
  type EntryBytes,
  type LogId,
  type LogPosition,
  SYNC_WINDOW_BYTES,
  SYNC_WINDOW_ENTRIES,
  unreachable,
  type VectorEntries,
} from '@earshot/protocol';
import {
  type Amount,
  beginLoads,
  brought,
  covered,
  grown,
  type Loaded,
  loaded,
  nextFrame,
  nothingOutgoing,
  type Outgoing,
} from './outgoing.ts';
import type { ReceiveFault } from './types.ts';
import { entriesOf, logKey, merged, vectorOf } from './vector.ts';

/**
 * What may wait to be stored, from one peer. An honest peer's window isn't open again before that is stored; but entries that came by another
 * session as well open it early, so there is room for several.
 */
const TAKING_WINDOWS_MAX = 4;
/** A peer hears how far it is heard at the latest after this part of its window, so that it never has to stop. */
const WINDOW_PART = 4;

/** Sync with one device over one session. */
export type Syncing = OpenSync | { readonly state: 'ended' };

export interface OpenSync {
  readonly state: 'open';
  /** `sending`: a frame was handed over, and whether there is room for more isn't known yet. */
  readonly channel: 'free' | 'sending' | 'full';
  readonly outgoing: Outgoing;
  /** What came and isn't stored yet. */
  readonly taking: Amount;
  /** What was stored since this side last said what it has. */
  readonly unsaid: Amount;
  readonly have: 'due' | 'said';
  /** What the peer says that it has is recorded one at a time; `next` is the newest of what came meanwhile. */
  readonly recording: { readonly state: 'idle' } | { readonly state: 'busy'; readonly next: VectorEntries | null };
}

export type SyncEvent =
  /** The peer's words. */
  | { readonly type: 'have'; readonly vector: VectorEntries }
  | { readonly type: 'entries'; readonly entries: readonly EntryBytes[]; readonly bytes: number }
  /** The log's answers to the effects of the same names. */
  | { readonly type: 'taken'; readonly amount: Amount }
  | { readonly type: 'recorded' }
  | { readonly type: 'loaded'; readonly log: LogId; readonly entries: readonly Loaded[] }
  | { readonly type: 'failed'; readonly fault: ReceiveFault }
  /** This device has more, durably. */
  | { readonly type: 'grew'; readonly vector: VectorEntries; readonly by: 'self' | 'others' }
  /** What came of the last frame, and whether the channel is full now. */
  | { readonly type: 'sent'; readonly channel: 'free' | 'full' | 'gone' }
  | { readonly type: 'drained' }
  | { readonly type: 'closed' };

export type SyncEffect =
  /** Say what this device has at this moment. */
  | { readonly type: 'have' }
  | { readonly type: 'entries'; readonly entries: readonly EntryBytes[] }
  | { readonly type: 'take'; readonly entries: readonly EntryBytes[]; readonly amount: Amount }
  | { readonly type: 'record'; readonly vector: VectorEntries }
  | { readonly type: 'load'; readonly after: LogPosition; readonly limit: Amount }
  | { readonly type: 'fail'; readonly fault: ReceiveFault };

export interface SyncStep {
  readonly syncing: Syncing;
  readonly effects: readonly SyncEffect[];
}

const NOTHING: Amount = { entries: 0, bytes: 0 };
const plus = (a: Amount, b: Amount): Amount => ({ entries: a.entries + b.entries, bytes: a.bytes + b.bytes });
const minus = (a: Amount, b: Amount): Amount => ({ entries: a.entries - b.entries, bytes: a.bytes - b.bytes });
const reaches = (amount: Amount, windows: number): boolean =>
  amount.entries >= SYNC_WINDOW_ENTRIES * windows || amount.bytes >= SYNC_WINDOW_BYTES * windows;

const end = (...effects: readonly SyncEffect[]): SyncStep => ({ syncing: { state: 'ended' }, effects });

/** The session has just become secure. `vector` is what this device has. */
export const beginSync = (vector: VectorEntries): SyncStep =>
  goOn({
    state: 'open',
    channel: 'free',
    outgoing: grown(nothingOutgoing, vector),
    taking: NOTHING,
    unsaid: NOTHING,
    have: 'due',
    recording: { state: 'idle' },
  });

/** The way of a sync, as a pure function. */
export const stepSync = (syncing: Syncing, event: SyncEvent): SyncStep => {
  if (syncing.state === 'ended') return end();
  switch (event.type) {
    case 'have':
      return heard(syncing, event.vector);
    case 'entries':
      return came(syncing, event.entries, event.bytes);
    case 'taken':
      return taken(syncing, event.amount);
    case 'recorded':
      return recorded(syncing);
    case 'loaded': {
      const outgoing = loaded(syncing.outgoing, event.log, event.entries);
      return outgoing ? goOn({ ...syncing, outgoing }) : end({ type: 'fail', fault: 'broken' });
    }
    case 'failed':
      return end({ type: 'fail', fault: event.fault });
    case 'grew': {
      // What is being taken answers for itself once it is stored.
      const news = event.by === 'others' && syncing.taking.entries === 0;
      const have = news ? 'due' : syncing.have;
      return goOn({ ...syncing, outgoing: grown(syncing.outgoing, event.vector), have });
    }
    case 'sent':
      return event.channel === 'gone' ? end() : goOn({ ...syncing, channel: event.channel });
    case 'drained':
      return goOn({ ...syncing, channel: syncing.channel === 'full' ? 'free' : syncing.channel });
    case 'closed':
      return end();
    default:
      return unreachable(event);
  }
};

const heard = (open: OpenSync, vector: VectorEntries): SyncStep => {
  const outgoing = covered(open.outgoing, vector);
  if (open.recording.state === 'idle') {
    return goOn({ ...open, outgoing, recording: { state: 'busy', next: null } }, { type: 'record', vector });
  }
  // Of logs that it doesn't name any more nothing is kept: the newest frame bounds what waits.
  const earlier = vectorOf(open.recording.next ?? []);
  const named = vector.map((at) => earlier.get(logKey(at)) ?? at);
  const next = entriesOf(merged(vectorOf(vector), named));
  return goOn({ ...open, outgoing, recording: { state: 'busy', next } });
};

const came = (open: OpenSync, entries: readonly EntryBytes[], bytes: number): SyncStep => {
  if (entries.length === 0) return goOn(open);
  const amount = { entries: entries.length, bytes };
  const taking = plus(open.taking, amount);
  const tooMuch =
    taking.entries > TAKING_WINDOWS_MAX * SYNC_WINDOW_ENTRIES || taking.bytes > TAKING_WINDOWS_MAX * SYNC_WINDOW_BYTES;
  if (tooMuch) return end({ type: 'fail', fault: 'violation' });
  const outgoing = brought(open.outgoing, entries.flatMap(positionsOf));
  return goOn({ ...open, taking, outgoing }, { type: 'take', entries, amount });
};

/** Of an entry that can't be read, none: taking it will tell. */
const positionsOf = ({ header }: EntryBytes): readonly LogPosition[] => {
  const decoded = decodeHeader(header);
  return decoded.ok ? [decoded.value] : [];
};

const taken = (open: OpenSync, amount: Amount): SyncStep => {
  const taking = minus(open.taking, amount);
  const unsaid = plus(open.unsaid, amount);
  if (taking.entries > 0 && !reaches(unsaid, 1 / WINDOW_PART)) return goOn({ ...open, taking, unsaid });
  return goOn({ ...open, taking, unsaid: NOTHING, have: 'due' });
};

const recorded = (open: OpenSync): SyncStep => {
  const vector = open.recording.state === 'busy' ? open.recording.next : null;
  if (!vector) return goOn({ ...open, recording: { state: 'idle' } });
  return goOn({ ...open, recording: { state: 'busy', next: null } }, { type: 'record', vector });
};

/** Whatever happened: one frame at a time while there is room, what this side has before what it wants to say. */
const goOn = (open: OpenSync, ...before: readonly SyncEffect[]): SyncStep => {
  let next = open;
  const effects = [...before];
  if (next.channel === 'free' && next.have === 'due') {
    next = { ...next, channel: 'sending', have: 'said' };
    effects.push({ type: 'have' });
  } else if (next.channel === 'free') {
    const frame = nextFrame(next.outgoing);
    if (frame) {
      next = { ...next, channel: 'sending', outgoing: frame.outgoing };
      effects.push({ type: 'entries', entries: frame.entries });
    }
  }
  const { outgoing, loads } = beginLoads(next.outgoing);
  return {
    syncing: { ...next, outgoing },
    effects: [...effects, ...loads.map((load) => ({ type: 'load', ...load }) as const)],
  };
};
