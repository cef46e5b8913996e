import type { LogId, LogPosition, VectorEntries } from '@earshot/protocol';
import type { Place } from './types.ts';

/** A log's name in a map of one conversation. */
export type LogKey = string;
export const logKey = (log: LogId): LogKey => `${log.author} ${log.epoch}`;
export const positionKey = (at: LogPosition): string => `${at.author} ${at.epoch} ${at.seq}`;

export type Vector = ReadonlyMap<LogKey, LogPosition>;

export const vectorOf = (entries: VectorEntries): Vector => merged(new Map(), entries);

export const entriesOf = (vector: Vector): VectorEntries =>
  [...vector.values()].map(({ author, epoch, seq }) => ({ author, epoch, seq }));

export const seqIn = (vector: Vector, log: LogId): number => vector.get(logKey(log))?.seq ?? 0;

/** The greater of both at each log; `vector` itself where nothing grows. */
export const merged = (vector: Vector, entries: VectorEntries): Vector => {
  let grown: Map<LogKey, LogPosition> | null = null;
  for (const at of entries) {
    if (seqIn(grown ?? vector, at) >= at.seq) continue;
    grown ??= new Map(vector);
    grown.set(logKey(at), at);
  }
  return grown ?? vector;
};

/** The order of a conversation: whatever an entry needs comes before it, and every device sorts alike. */
export const comparePlaces = (a: Place, b: Place): number => {
  if (a.lamport !== b.lamport) return a.lamport - b.lamport;
  if (a.author !== b.author) return a.author < b.author ? -1 : 1;
  return a.epoch - b.epoch || a.seq - b.seq;
};
