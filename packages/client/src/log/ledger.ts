import {
  type ConversationId,
  type DeviceId,
  fail,
  type Hash,
  type LogPosition,
  ok,
  type Result,
} from '@earshot/protocol';
import type { Batch, StoragePort } from '../ports/index.ts';
import { changesBetween, changesOf } from './changes.ts';
import { batchOf, copyDraft, type Draft, draftOf, isIdle } from './draft.ts';
import { Recent } from './recent.ts';
import { readSegments } from './segments.ts';
import { type Logs, loadLogs } from './stored.ts';
import { TurnQueue } from './turns.ts';
import type { LogChange, ReceiveFault } from './types.ts';
import { positionKey } from './vector.ts';
import { type ReadEntry, readEntryBytes } from './verify.ts';

/** A change of the logs, to be made at its turn. */
export interface Change {
  /** How much it is likely to write, entries. */
  readonly entries: number;
  /** What its commit does beside; such a change has a commit of its own. */
  readonly also?: Batch;
  /** Plans it into a draft, which is thrown away where it fails. */
  plan(draft: Draft): Promise<Result<void, ReceiveFault>>;
}

export interface LedgerOptions {
  readonly storage: StoragePort;
  readonly hash: Hash;
  readonly conversation: ConversationId;
  readonly self: DeviceId;
  /** Called once a change is durable, and before whoever made it hears so. */
  readonly changed: (change: LogChange) => void;
}

interface Waiting extends Change {
  readonly alone: boolean;
  done(outcome: Result<void, ReceiveFault>): void;
  threw(error: unknown): void;
}

/** The store rejected a read. */
class Unreadable extends Error {}

const readable = <T>(read: Promise<T>): Promise<T> =>
  read.catch((cause: unknown) => {
    throw new Unreadable('The store can’t be read', { cause });
  });

/** The logs of one conversation as they are durable, and the one place where they change. */
export class Ledger {
  readonly recent = new Recent();
  readonly #options: LedgerOptions;
  readonly #queue: TurnQueue<Waiting>;
  #logs: Logs;
  #held: Draft['held'] = new Map();
  /** The store may hold something else than what is known here: nothing is planned, let alone signed, before it was read again. */
  #stale = false;

  private constructor(options: LedgerOptions, logs: Logs) {
    this.#options = options;
    this.#logs = logs;
    this.#queue = new TurnQueue((group) => this.#settle(group));
  }

  static async open(options: LedgerOptions): Promise<Ledger> {
    return new Ledger(options, await loadLogs(options.storage, options.conversation));
  }

  get logs(): Logs {
    return this.#logs;
  }

  /** `ok` once it is durable. */
  change(change: Change): Promise<Result<void, ReceiveFault>> {
    return new Promise((done, threw) => {
      this.#queue.add({
        ...change,
        plan: (draft) => change.plan(draft),
        alone: change.also !== undefined,
        done,
        threw,
      });
    });
  }

  /** Somebody else seems to write here: the store is read again before the next change. */
  doubt(): void {
    this.#stale = true;
  }

  /** A stored entry. */
  find(at: LogPosition): ReadEntry | Promise<ReadEntry | undefined> | undefined {
    return this.recent.find(positionKey(at)) ?? this.#find(at);
  }

  async #find(at: LogPosition): Promise<ReadEntry | undefined> {
    const { storage, conversation } = this.#options;
    const range = { after: at.seq - 1, last: at.seq, bytes: 1 };
    const [entry] = await readable(readSegments(storage, conversation, at, range));
    return entry && readEntryBytes(this.#options.hash, conversation, entry);
  }

  async #settle(group: readonly Waiting[]): Promise<void> {
    try {
      if (this.#stale) await this.#reload();
    } catch (error) {
      for (const waiting of group) refuse(waiting, error);
      return;
    }
    let draft = draftOf(this.#logs, this.#held);
    const planned: Waiting[] = [];
    for (const waiting of group) {
      const attempt = copyDraft(draft);
      try {
        const outcome = await waiting.plan(attempt);
        if (outcome.ok) {
          draft = attempt;
          planned.push(waiting);
        } else waiting.done(outcome);
      } catch (error) {
        refuse(waiting, error);
      }
    }
    await this.#commit(draft, planned);
  }

  async #commit(draft: Draft, planned: readonly Waiting[]): Promise<void> {
    const { storage, conversation } = this.#options;
    const also = planned[0]?.also;
    try {
      const durable =
        isIdle(draft) && !also
          ? ok(undefined)
          : await storage.commit(batchOf(conversation, this.#logs.commits, draft, also ?? {}));
      // After `full` the store is as it was.
      if (!durable.ok && durable.error !== 'full') this.#stale = true;
      if (durable.ok) this.#publish(draft, also !== undefined || !isIdle(draft));
      for (const waiting of planned) waiting.done(durable);
    } catch (error) {
      this.#stale = true;
      for (const waiting of planned) waiting.threw(error);
    }
  }

  #publish(draft: Draft, committed: boolean): void {
    const commits = committed ? (this.#logs.commits ?? 0) + 1 : this.#logs.commits;
    this.#logs = { commits, heads: draft.heads, forked: draft.forked, acked: draft.acked };
    this.#held = draft.held;
    for (const entry of draft.fresh.values()) this.recent.add(entry);
    for (const change of changesOf(draft, this.#options.self)) this.#options.changed(change);
  }

  /** What others wrote, or this device without hearing that it held, is told as if it had just come. */
  async #reload(): Promise<void> {
    const { storage, conversation, self, hash } = this.#options;
    const before = this.#logs;
    const logs = await readable(loadLogs(storage, conversation));
    const fresh: ReadEntry[] = [];
    for (const [key, head] of logs.heads) {
      const seq = before.heads.get(key)?.seq ?? 0;
      if (head.seq <= seq) continue;
      const range = { after: seq, last: head.seq, bytes: Number.POSITIVE_INFINITY };
      for (const entry of await readable(readSegments(storage, conversation, head, range))) {
        const read = readEntryBytes(hash, conversation, entry);
        if (read) fresh.push(read);
      }
    }
    this.#logs = logs;
    this.#stale = false;
    for (const change of changesBetween(before, logs, fresh, self)) this.#options.changed(change);
  }
}

const refuse = (waiting: Waiting, error: unknown): void => {
  if (error instanceof Unreadable) waiting.done(fail('broken'));
  else waiting.threw(error);
};
