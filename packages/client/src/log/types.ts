import type {
  ConversationId,
  DeviceId,
  EntryBody,
  EntryBytes,
  EntryId,
  LogId,
  LogPosition,
  PeerFrame,
  Result,
  VectorEntries,
} from '@earshot/protocol';
import type { Batch, StorageFault } from '../ports/index.ts';

/** Where a message stands in its conversation: causal, the same on every device. Ordered by lamport, then author, epoch, seq. */
export interface Place extends LogPosition {
  readonly lamport: number;
}

/** An entry as the view needs it. */
export interface LoggedMessage {
  readonly id: EntryId;
  readonly place: Place;
  readonly wall: number;
  readonly body: EntryBody;
}

export type LogChange =
  | { readonly type: 'appended'; readonly messages: readonly LoggedMessage[] }
  | { readonly type: 'received'; readonly messages: readonly LoggedMessage[] }
  /** Some other device now has more, durably: ask `covered` again. */
  | { readonly type: 'acknowledged' }
  /** This author signed two entries with one number. Nothing more of that log is taken. */
  | { readonly type: 'forked'; readonly log: LogId };

/** What became of entries that came from a peer. */
export type ReceiveFault =
  /** A bad signature, hash, chain, author or encoding: the peer is broken or hostile. */
  | 'violation'
  /** More out of order than is held. */
  | 'too_many_held'
  | StorageFault;

/** All logs of one conversation on this device. One writer at a time; every method may be called concurrently. */
export interface ConversationLog {
  readonly conversation: ConversationId;
  /** What this device has durably stored. */
  vector(): VectorEntries;
  /**
   * Signs, numbers, chains and stores the bodies as this device's next entries, in one commit together with `also`.
   * The number is given inside the storing transaction: a second writer makes it `conflict`, and nothing is signed twice with one number.
   *
   * `conflict` also while another device says, or shows by a signature, that this device has written more than is stored here: a store that went
   * back in time must hear what it wrote before it writes on, or it would fork. What it lacks comes by sync. Until somebody says so
   * it can't know; so whoever restores a store opens the log with a new epoch.
   */
  append(
    bodies: readonly Extract<EntryBody, { kind: 'text' }>[],
    also?: Batch & { readonly walls?: readonly number[] },
  ): Promise<Result<readonly LoggedMessage[], StorageFault>>;
  /** Verifies and stores what is new and complete, in one commit; holds what lacks something before it; forgets what it has already. `ok` only after the commit. */
  receive(entries: readonly EntryBytes[]): Promise<Result<void, ReceiveFault>>;
  /** Entries of one log after `seq`, in order, bounded in count and bytes but at least one where there is one. Rejects where the store can't be read. */
  read(
    log: LogId,
    afterSeq: number,
    limit: { readonly entries: number; readonly bytes: number },
  ): Promise<readonly EntryBytes[]>;
  /** Records durably what another device says that it has, up to what is stored here. Merged: it never shrinks. */
  acknowledge(device: DeviceId, vector: VectorEntries): Promise<Result<void, StorageFault>>;
  /** What `device` is known to have durably stored. */
  acknowledged(device: DeviceId): VectorEntries;
  /** Whether any other device is known to have this entry durably. */
  covered(position: LogPosition): boolean;
  /** Whether this device has entries of its own that no other device is known to have. */
  hasUncovered(): boolean;
  /** Logs that are known to have forked, also from before a restart: see the change of that name. */
  forked(): readonly LogId[];
  /** Messages before `before` (or the newest), oldest first. Rejects where the store can't be read. */
  page(before: Place | null, limit: number): Promise<readonly LoggedMessage[]>;
  subscribe(listener: (change: LogChange) => void): () => void;
}

/** Syncs one conversation with one device over one session. Made when the session is secure; sends `have` at once. */
export interface LogSync {
  /** A `have` or `entries` frame of this conversation. */
  handle(frame: Extract<PeerFrame, { type: 'have' | 'entries' }>): void;
  /** The session has room again. */
  drained(): void;
  /** Idempotent. */
  close(): void;
}

export interface SyncLink {
  readonly device: DeviceId;
  send(frame: PeerFrame): boolean;
  full(): boolean;
  /** The peer broke the protocol, or the store is gone: end the session. */
  failed(fault: ReceiveFault): void;
}
