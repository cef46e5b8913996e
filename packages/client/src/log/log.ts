import {
  assert,
  type ConversationId,
  type DeviceId,
  type EntryBytes,
  entrySize,
  fail,
  type LogId,
  type LogPosition,
  ok,
  type Result,
  type VectorEntries,
} from '@earshot/protocol';
import type { Crypto, SigningKey, StorageFault, StoragePort } from '../ports/index.ts';
import { acknowledge } from './acknowledge.ts';
import { type Change, Ledger } from './ledger.ts';
import { readSegments } from './segments.ts';
import { messageOf, orderKey, orderPrefix } from './stored.ts';
import { take } from './take.ts';
import type { ConversationLog, LogChange, LoggedMessage, Place, ReceiveFault } from './types.ts';
import { entriesOf, logKey, seqIn } from './vector.ts';
import { loggedMessage, type ReadEntry, readEntryBytes, signedByAuthor } from './verify.ts';
import { write } from './write.ts';

export interface LogPorts {
  readonly storage: StoragePort;
  readonly crypto: Crypto;
}

export interface LogOptions {
  readonly conversation: ConversationId;
  readonly self: DeviceId;
  /** The key of `self`. */
  readonly device: SigningKey;
  /** Where this device writes. After a restored backup: one in which it never wrote. */
  readonly epoch: number;
  /** Devices whose entries this conversation takes, this one included. Asked at each use. */
  readonly authors: () => ReadonlySet<DeviceId>;
  /** ms since 1970. */
  readonly now: () => number;
}

/** Rejects where the store can't be read. */
export const openLog = (ports: LogPorts, options: LogOptions): Promise<ConversationLog> =>
  StoredLog.open(ports, options);

type Append = ConversationLog['append'];

class StoredLog implements ConversationLog {
  readonly #ports: LogPorts;
  readonly #options: LogOptions;
  readonly #ledger: Ledger;
  readonly #listeners: Set<(change: LogChange) => void>;
  /** Calls of `receive` come to the ledger in their order, though each is verified as soon as it comes. */
  #receives: Promise<unknown> = Promise.resolve();
  /**
   * The greatest number that this device is said to have given in its own log. Where that is beyond what is stored here, the store has lost
   * something, or another process writes: a number that is given now might be given twice, so none is until the missing entries are here.
   */
  #claimed = 0;

  private constructor(
    ports: LogPorts,
    options: LogOptions,
    ledger: Ledger,
    listeners: Set<(change: LogChange) => void>,
  ) {
    this.#ports = ports;
    this.#options = options;
    this.#ledger = ledger;
    this.#listeners = listeners;
  }

  static async open(ports: LogPorts, options: LogOptions): Promise<StoredLog> {
    const { conversation, self } = options;
    const listeners = new Set<(change: LogChange) => void>();
    const changed = (change: LogChange): void => tell(listeners, change);
    const { storage, crypto } = ports;
    const ledger = await Ledger.open({ storage, hash: crypto.hash, conversation, self, changed });
    return new StoredLog(ports, options, ledger, listeners);
  }

  get conversation(): ConversationId {
    return this.#options.conversation;
  }

  vector(): VectorEntries {
    return entriesOf(this.#ledger.logs.heads);
  }

  async append(...[bodies, also]: Parameters<Append>): ReturnType<Append> {
    const own = logKey({ author: this.#options.self, epoch: this.#options.epoch });
    let written: readonly LoggedMessage[] = [];
    const plan: Change['plan'] = async (draft) => {
      const unsure = draft.forked.has(own) || this.#claimed > (draft.heads.get(own)?.seq ?? 0);
      if (unsure) {
        this.#ledger.doubt();
        return fail('conflict');
      }
      const words = bodies.map((body, i) => ({ body, wall: also?.walls?.[i] ?? this.#options.now() }));
      const author = { ...this.#options, crypto: this.#ports.crypto };
      written = (await write(draft, author, words)).map(loggedMessage);
      return ok(undefined);
    };
    const outcome = await this.#ledger.change({ entries: bodies.length, plan, ...(also && { also }) });
    return outcome.ok ? ok(written) : fail(ofStorage(outcome.error));
  }

  async receive(entries: readonly EntryBytes[]): Promise<Result<void, ReceiveFault>> {
    const authors = this.#options.authors();
    const checked = Promise.all(entries.map((entry) => this.#check(entry, authors)));
    const turn = this.#receives.then(() => checked);
    this.#receives = turn.catch(() => undefined);
    const arrived: ReadEntry[] = [];
    for (const entry of await turn) {
      if (entry === 'wrong') return fail('violation');
      if (entry !== 'known') arrived.push(entry);
    }
    if (arrived.length === 0) return ok(undefined);
    return this.#ledger.change({
      entries: arrived.length,
      plan: (draft) => take(draft, arrived, { authors, find: (at) => this.#ledger.find(at) }),
    });
  }

  /** Everything about an entry that doesn't depend on where it belongs. */
  async #check(entry: EntryBytes, authors: ReadonlySet<DeviceId>): Promise<ReadEntry | 'known' | 'wrong'> {
    const { hash, verify } = this.#ports.crypto;
    const read = readEntryBytes(hash, this.#options.conversation, entry);
    if (!read || !authors.has(read.header.author)) return 'wrong';
    if (this.#ledger.recent.find(read.position)?.id === read.id) return 'known';
    if (!(await signedByAuthor(verify, read))) return 'wrong';
    // Signed by this device: no mere claim.
    this.#claim(read.header);
    return read;
  }

  #claim({ author, epoch, seq }: LogPosition): void {
    if (author === this.#options.self && epoch === this.#options.epoch) this.#claimed = Math.max(this.#claimed, seq);
  }

  async read(
    log: LogId,
    afterSeq: number,
    limit: { readonly entries: number; readonly bytes: number },
  ): Promise<readonly EntryBytes[]> {
    const last = Math.min(seqIn(this.#ledger.logs.heads, log), afterSeq + limit.entries);
    if (last <= afterSeq) return [];
    const found =
      this.#ledger.recent.after(log, afterSeq, last) ??
      (await readSegments(this.#ports.storage, this.conversation, log, { after: afterSeq, last, bytes: limit.bytes }));
    let bytes = 0;
    const end = found.findIndex((entry, i) => {
      bytes += entrySize(entry);
      return i > 0 && bytes > limit.bytes;
    });
    return end === -1 ? found : found.slice(0, end);
  }

  async acknowledge(device: DeviceId, vector: VectorEntries): Promise<Result<void, StorageFault>> {
    assert(device !== this.#options.self, 'nobody acknowledges to themselves');
    for (const at of vector) this.#claim(at);
    const outcome = await this.#ledger.change({
      entries: 1,
      plan: async (draft) => {
        acknowledge(draft, device, vector);
        return ok(undefined);
      },
    });
    return outcome.ok ? outcome : fail(ofStorage(outcome.error));
  }

  acknowledged(device: DeviceId): VectorEntries {
    return entriesOf(this.#ledger.logs.acked.get(device) ?? new Map());
  }

  covered(position: LogPosition): boolean {
    for (const vector of this.#ledger.logs.acked.values()) if (seqIn(vector, position) >= position.seq) return true;
    return false;
  }

  hasUncovered(): boolean {
    const { heads } = this.#ledger.logs;
    return [...heads.values()].some((head) => head.author === this.#options.self && !this.covered(head));
  }

  forked(): readonly LogId[] {
    return [...this.#ledger.logs.forked.values()];
  }

  async page(before: Place | null, limit: number): Promise<readonly LoggedMessage[]> {
    const after = before && { after: orderKey(this.conversation, before) };
    const items = await this.#ports.storage.list(orderPrefix(this.conversation), { ...after, limit, reverse: true });
    return items.map(messageOf).reverse();
  }

  subscribe(listener: (change: LogChange) => void): () => void {
    const own = (change: LogChange): void => listener(change);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }
}

/** Faults of `receive` alone can't come of anything else. */
const ofStorage = (fault: ReceiveFault): StorageFault => {
  assert(fault !== 'violation' && fault !== 'too_many_held', 'a fault of what came from outside');
  return fault;
};

/** A listener that throws harms neither the others nor the log. */
const tell = (listeners: ReadonlySet<(change: LogChange) => void>, change: LogChange): void => {
  for (const listener of [...listeners]) {
    try {
      listener(change);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
};
