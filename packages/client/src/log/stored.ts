import {
  assert,
  type ConversationId,
  type DeviceId,
  decodeBody,
  type EntryBytes,
  type EntryId,
  type LogId,
  type LogPosition,
  type VectorEntries,
} from '@earshot/protocol';
import type { StorageKey, StoragePort, StoredItem } from '../ports/index.ts';
import type { LoggedMessage, Place } from './types.ts';
import { entriesOf, type LogKey, logKey, type Vector, vectorOf } from './vector.ts';

/*
 * How a conversation's logs lie in the store:
 *
 *   log, conversation, author, epoch, seq             entries up to this number, as they were signed: see segments.ts
 *   order, conversation, lamport, author, epoch, seq  what the view needs of it, in the order of the conversation
 *   logs, conversation, commits                       how often anything of this was changed: every commit checks it
 *   logs, conversation, head, author, epoch           the newest entry of a log
 *   logs, conversation, acked, device                 what another device has
 *   logs, conversation, fork, author, epoch           two entries that prove that a log forked
 *
 * All under `logs` is read at once, so that it is of one moment whoever else writes.
 */

/** The newest entry of a log that is stored here. */
export interface Head extends LogPosition {
  readonly id: EntryId;
  readonly lamport: number;
}

/** What the store says about the logs of a conversation, but for the entries. */
export interface Logs {
  /** `null`: nothing was ever written. */
  readonly commits: number | null;
  readonly heads: ReadonlyMap<LogKey, Head>;
  readonly forked: ReadonlyMap<LogKey, LogId>;
  readonly acked: ReadonlyMap<DeviceId, Vector>;
}

/** Two signed entries that can't both be of an honest log: of one number, or the second not upon the first. */
export interface ForkEvidence {
  readonly known: EntryBytes;
  readonly other: EntryBytes;
}

type StoredHead = Pick<Head, 'seq' | 'id' | 'lamport'>;
interface StoredMessage {
  readonly id: EntryId;
  readonly wall: number;
  readonly body: Uint8Array;
}

export const orderPrefix = (conversation: ConversationId): StorageKey => ['order', conversation];
export const orderKey = (conversation: ConversationId, { lamport, author, epoch, seq }: Place): StorageKey => [
  ...orderPrefix(conversation),
  lamport,
  author,
  epoch,
  seq,
];

const logsPrefix = (conversation: ConversationId): StorageKey => ['logs', conversation];
export const commitsKey = (conversation: ConversationId): StorageKey => [...logsPrefix(conversation), 'commits'];

export const headItem = (conversation: ConversationId, { author, epoch, seq, id, lamport }: Head): StoredItem => ({
  key: [...logsPrefix(conversation), 'head', author, epoch],
  value: { seq, id, lamport } satisfies StoredHead,
});
export const ackedItem = (conversation: ConversationId, device: DeviceId, vector: Vector): StoredItem => ({
  key: [...logsPrefix(conversation), 'acked', device],
  value: entriesOf(vector),
});
export const forkItem = (conversation: ConversationId, log: LogId, evidence: ForkEvidence): StoredItem => ({
  key: [...logsPrefix(conversation), 'fork', log.author, log.epoch],
  value: evidence,
});
export const orderItem = (conversation: ConversationId, message: LoggedMessage, body: Uint8Array): StoredItem => ({
  key: orderKey(conversation, message.place),
  value: { id: message.id, wall: message.wall, body } satisfies StoredMessage,
});

/** The message behind an item under {@link orderPrefix}. */
export const messageOf = ({ key, value }: StoredItem): LoggedMessage => {
  const [, , lamport, author, epoch, seq] = key;
  const { id, wall, body } = value as StoredMessage;
  const decoded = decodeBody(body);
  assert(decoded.ok, 'only a body that was decoded is ever stored');
  const place = { lamport: Number(lamport), author: author as DeviceId, epoch: Number(epoch), seq: Number(seq) };
  return { id, place, wall, body: decoded.value };
};

export const loadLogs = async (storage: StoragePort, conversation: ConversationId): Promise<Logs> => {
  let commits: number | null = null;
  const heads = new Map<LogKey, Head>();
  const forked = new Map<LogKey, LogId>();
  const acked = new Map<DeviceId, Vector>();
  for (const { key, value } of await storage.list(logsPrefix(conversation))) {
    const [, , what, device, epoch] = key;
    const log = { author: device as DeviceId, epoch: Number(epoch) };
    if (what === 'commits') commits = value as number;
    if (what === 'head') heads.set(logKey(log), { ...log, ...(value as StoredHead) });
    if (what === 'fork') forked.set(logKey(log), log);
    if (what === 'acked') acked.set(log.author, vectorOf(value as VectorEntries));
  }
  return { commits, heads, forked, acked };
};
