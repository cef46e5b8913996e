import { ok, type Result } from '@earshot/protocol';
import type { ConversationNotice, ConversationSummary, LineStatus, MessageView, SendFault } from '../engine-types.ts';
import type { StorageFault, StoragePort } from '../ports/index.ts';
import { unlessGone } from '../store/own-store.ts';
import { type ConversationRecord, recordKey } from './records.ts';
import type { MessageSource, SourceChange } from './source.ts';

/** `moved`: the messages live elsewhere now, because the name turned out to be a person. */
export type ConversationChange = SourceChange | { readonly type: 'moved' } | { readonly type: 'summary' };

/** One conversation on this device: its record, where its messages are, and what the list shows of it. */
export class Conversation {
  readonly #storage: StoragePort;
  readonly #listeners = new Set<(change: ConversationChange) => void>();
  #record: ConversationRecord;
  #source: MessageSource;
  #unsubscribe: () => void;
  #last: MessageView | null = null;
  #writes: Promise<unknown> = Promise.resolve();

  private constructor(storage: StoragePort, record: ConversationRecord, source: MessageSource) {
    this.#storage = storage;
    this.#record = record;
    this.#source = source;
    this.#unsubscribe = this.#follow(source);
  }

  static async open(storage: StoragePort, record: ConversationRecord, source: MessageSource): Promise<Conversation> {
    const conversation = new Conversation(storage, record, source);
    await conversation.#refreshLast();
    return conversation;
  }

  get record(): ConversationRecord {
    return this.#record;
  }

  get source(): MessageSource {
    return this.#source;
  }

  /** Changes the record durably; in memory only once it is. */
  update(change: (record: ConversationRecord) => ConversationRecord): Promise<Result<void, StorageFault>> {
    return this.#write(async () => {
      const record = change(this.#record);
      if (record === this.#record) return ok(undefined);
      const stored = await this.#storage.commit({ puts: [{ key: recordKey(record.key), value: record }] });
      if (!stored.ok) return stored;
      this.#record = record;
      this.#tell({ type: 'summary' });
      return stored;
    });
  }

  /** The messages move to another source, and the record says so: `commit` stores both at once. */
  moveTo(
    change: (record: ConversationRecord) => ConversationRecord,
    source: MessageSource,
    commit: (record: ConversationRecord) => Promise<Result<void, StorageFault>>,
  ): Promise<Result<void, StorageFault>> {
    return this.#write(async () => {
      const record = change(this.#record);
      const stored = await commit(record);
      if (!stored.ok) return stored;
      this.#unsubscribe();
      this.#record = record;
      this.#source = source;
      this.#unsubscribe = this.#follow(source);
      await this.#refreshLast();
      this.#tell({ type: 'moved' });
      return stored;
    });
  }

  send(text: string): Promise<Result<void, SendFault>> {
    return this.#source.append(text);
  }

  markRead(): void {
    if (this.unread() === 0) return;
    void this.update((record) => ({ ...record, read: this.#source.everything() }));
  }

  unread(): number {
    return this.#source.unread(this.#record.read);
  }

  /** ms since 1970 of the newest message, or of the beginning. */
  activity(): number {
    return Math.max(this.#last?.wall ?? 0, this.#record.created);
  }

  summary(line: LineStatus): ConversationSummary {
    const { key, name, with: other, compared } = this.#record;
    return {
      key,
      name,
      with: other,
      line,
      last: this.#last,
      unread: this.unread(),
      notice: this.#notice(),
      compared,
    };
  }

  subscribe(listener: (change: ConversationChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** One write at a time, each upon what the one before left. */
  #write(write: () => Promise<Result<void, StorageFault>>): Promise<Result<void, StorageFault>> {
    const done = this.#writes.then(write);
    this.#writes = done.catch(() => undefined);
    return done;
  }

  #notice(): ConversationNotice | null {
    const { standing, open } = this.#record;
    if (standing === 'blocked') return { kind: 'blocked' };
    if (open === 'declined' || open === 'not_proved') return { kind: open };
    if (open) return { kind: 'key_changed', person: open.keyChanged };
    return this.#source.forked() ? { kind: 'forked' } : null;
  }

  #follow(source: MessageSource): () => void {
    return source.subscribe((change) => {
      void this.#refreshLast().then(() => this.#tell({ type: 'summary' }));
      this.#tell(change);
    });
  }

  async #refreshLast(): Promise<void> {
    const page = await this.#source.page(null, 1).catch(unlessGone);
    if (!page) return;
    const [item] = page;
    if (!item) {
      this.#last = null;
      return;
    }
    const { id, wall, content, from } = item;
    this.#last =
      from === 'me' ? { id, wall, content, from, state: this.#source.state(item) } : { id, wall, content, from };
  }

  #tell(change: ConversationChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}
