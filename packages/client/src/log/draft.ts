import type { ConversationId, DeviceId, LogId } from '@earshot/protocol';
import type { Batch, StoredItem } from '../ports/index.ts';
import { segmentItems } from './segments.ts';
import {
  ackedItem,
  commitsKey,
  type ForkEvidence,
  forkItem,
  type Head,
  headItem,
  type Logs,
  orderItem,
} from './stored.ts';
import type { LogKey, Vector } from './vector.ts';
import { loggedMessage, type ReadEntry } from './verify.ts';

/** The logs as they will be when the commit that is being prepared holds. Whoever plans into it has it alone. */
export interface Draft {
  readonly heads: Map<LogKey, Head>;
  readonly forked: Map<LogKey, LogId>;
  readonly acked: Map<DeviceId, Vector>;
  /** Verified, but something before them is missing; by position. In memory alone. */
  held: ReadonlyMap<string, ReadEntry>;
  /** New entries, by position, each after what it needs. */
  readonly fresh: Map<string, ReadEntry>;
  readonly forks: { readonly log: LogId; readonly evidence: ForkEvidence }[];
  readonly acknowledging: Set<DeviceId>;
}

export const draftOf = (logs: Logs, held: Draft['held']): Draft => ({
  heads: new Map(logs.heads),
  forked: new Map(logs.forked),
  acked: new Map(logs.acked),
  held,
  fresh: new Map(),
  forks: [],
  acknowledging: new Set(),
});

export const copyDraft = (draft: Draft): Draft => ({
  heads: new Map(draft.heads),
  forked: new Map(draft.forked),
  acked: new Map(draft.acked),
  held: draft.held,
  fresh: new Map(draft.fresh),
  forks: [...draft.forks],
  acknowledging: new Set(draft.acknowledging),
});

/** Adds an entry whose predecessors are there. */
export const place = (draft: Draft, entry: ReadEntry): void => {
  const { author, epoch, seq, lamport } = entry.header;
  draft.heads.set(entry.log, { author, epoch, seq, lamport, id: entry.id });
  draft.fresh.set(entry.position, entry);
};

/** Nothing changes that has to be durable. */
export const isIdle = (draft: Draft): boolean =>
  draft.fresh.size === 0 && draft.forks.length === 0 && draft.acknowledging.size === 0;

/**
 * One commit with everything in it. It checks the count of commits: whoever else has written in between, numbers that were
 * given here are void, and nothing was written.
 */
export const batchOf = (conversation: ConversationId, commits: number | null, draft: Draft, also: Batch): Batch => {
  const puts: StoredItem[] = [{ key: commitsKey(conversation), value: (commits ?? 0) + 1 }];
  const logs = new Map<LogKey, ReadEntry[]>();
  for (const entry of draft.fresh.values()) {
    puts.push(orderItem(conversation, loggedMessage(entry), entry.entry.body));
    const entries = logs.get(entry.log);
    if (entries) entries.push(entry);
    else logs.set(entry.log, [entry]);
  }
  for (const [log, entries] of logs) {
    const [head, first] = [draft.heads.get(log), entries[0]];
    if (!head || !first) continue;
    const signed = entries.map(({ entry }) => entry);
    puts.push(headItem(conversation, head), ...segmentItems(conversation, head, first.header.seq, signed));
  }
  for (const { log, evidence } of draft.forks) puts.push(forkItem(conversation, log, evidence));
  for (const device of draft.acknowledging) {
    const vector = draft.acked.get(device);
    if (vector) puts.push(ackedItem(conversation, device, vector));
  }
  return {
    checks: [{ key: commitsKey(conversation), is: commits }, ...(also.checks ?? [])],
    puts: [...puts, ...(also.puts ?? [])],
    deletes: also.deletes ?? [],
  };
};
