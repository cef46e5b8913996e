import {
  directConversation,
  fail,
  foldName,
  type Identity,
  type Name,
  ok,
  type PersonId,
  type Result,
} from '@earshot/protocol';
import type { ConversationKey } from '../engine-types.ts';
import type { LocalIdentity } from '../identity/types.ts';
import { openLog } from '../log/log.ts';
import type { Batch, Ports, StorageFault } from '../ports/index.ts';
import { brokenStore } from '../store/own-store.ts';
import { Conversation, type ConversationChange } from './conversation.ts';
import { LogSource } from './log-source.ts';
import { LooseSource } from './loose-source.ts';
import {
  CONVERSATIONS,
  type ConversationRecord,
  DEVICES_MAX,
  NOTHING_READ,
  newConversationKey,
  recordKey,
} from './records.ts';
import type { MessageSource } from './source.ts';

/** Grows where a restored backup goes on with a log of its own. */
const EPOCH = 0;

type ConversationPorts = Pick<Ports, 'clock' | 'crypto' | 'storage'>;

/** All conversations of this device. */
export class Registry {
  readonly #ports: ConversationPorts;
  readonly #self: LocalIdentity;
  readonly #changed: (conversation: Conversation, change: ConversationChange) => void;
  readonly #conversations = new Map<ConversationKey, Conversation>();
  /** Makings and movings run one after another, so that one person or name never gets two conversations. */
  #turns: Promise<unknown> = Promise.resolve();

  private constructor(
    ports: ConversationPorts,
    self: LocalIdentity,
    changed: (conversation: Conversation, change: ConversationChange) => void,
  ) {
    this.#ports = ports;
    this.#self = self;
    this.#changed = changed;
  }

  static async load(
    ports: ConversationPorts,
    self: LocalIdentity,
    changed: (conversation: Conversation, change: ConversationChange) => void,
  ): Promise<Registry> {
    const registry = new Registry(ports, self, changed);
    const stored = await ports.storage.list(CONVERSATIONS);
    await Promise.all(stored.map(({ value }) => registry.#open(value as ConversationRecord)));
    return registry;
  }

  all(): readonly Conversation[] {
    return [...this.#conversations.values()];
  }

  get(key: ConversationKey): Conversation | undefined {
    return this.#conversations.get(key);
  }

  ofPerson(person: PersonId): Conversation | undefined {
    return this.all().find(({ record }) => record.with.kind === 'person' && record.with.person === person);
  }

  named(name: Name): readonly Conversation[] {
    const folded = foldName(name);
    return this.all().filter(({ record }) => foldName(record.name) === folded);
  }

  /** The conversation with whoever has this name: of a person before one with nobody known, before a plain one. */
  toName(name: Name): Promise<Result<Conversation, StorageFault>> {
    return this.#turn(async () => {
      const rank = { person: 0, name: 1, plain: 2 } as const;
      const found = this.named(name).toSorted((a, b) => rank[a.record.with.kind] - rank[b.record.with.kind])[0];
      return found ? ok(found) : this.#create(name, (record) => record);
    });
  }

  /**
   * The conversation with this person, called so where it is new. What was written to the mere name goes along. `proved`: a device that
   * has proved to be theirs; its entries are taken from now on.
   */
  toPerson(
    person: PersonId,
    name: Name,
    standing: ConversationRecord['standing'],
    proved: Identity | null = null,
  ): Promise<Result<Conversation, StorageFault>> {
    return this.#turn(async () => {
      const nameless = this.named(name).find(({ record }) => record.with.kind === 'name');
      const known = this.ofPerson(person);
      const met = (record: ConversationRecord): ConversationRecord => withDevice({ ...record, standing }, proved);
      if (!known) {
        const becomes = (record: ConversationRecord): ConversationRecord =>
          met({ ...record, with: { kind: 'person', person }, open: null, read: NOTHING_READ });
        return nameless ? this.#bind(nameless, becomes) : this.#create(name, becomes);
      }
      const updated = await known.update((record) => (isMet(record, standing, proved) ? record : met(record)));
      if (!updated.ok) return updated;
      return nameless ? this.#merge(nameless, known) : ok(known);
    });
  }

  /** The conversation with the plain client of this name. */
  toPlain(name: Name, standing: ConversationRecord['standing']): Promise<Result<Conversation, StorageFault>> {
    return this.#turn(async () => {
      const found = this.named(name).find(({ record }) => record.with.kind === 'plain');
      if (found) {
        const updated = await found.update((record) =>
          record.standing === standing ? record : { ...record, standing },
        );
        return updated.ok ? ok(found) : updated;
      }
      const nameless = this.named(name).find(({ record }) => record.with.kind === 'name');
      if (!nameless) return this.#create(name, (record) => ({ ...record, with: { kind: 'plain' }, standing }));
      const updated = await nameless.update((record) => ({ ...record, with: { kind: 'plain' }, standing }));
      return updated.ok ? ok(nameless) : updated;
    });
  }

  #turn<T>(run: () => Promise<Result<T, StorageFault>>): Promise<Result<T, StorageFault>> {
    const done = this.#turns.then(run).catch(brokenStore);
    this.#turns = done.catch(() => undefined);
    return done;
  }

  async #create(
    name: Name,
    becomes: (record: ConversationRecord) => ConversationRecord,
  ): Promise<Result<Conversation, StorageFault>> {
    const record = becomes({
      key: newConversationKey(this.#ports.crypto),
      name,
      with: { kind: 'name' },
      standing: 'accepted',
      devices: [],
      compared: false,
      open: null,
      refusedKey: null,
      read: NOTHING_READ,
      created: this.#ports.clock.now(),
    });
    const key = recordKey(record.key);
    const stored = await this.#ports.storage.commit({ checks: [{ key, is: null }], puts: [{ key, value: record }] });
    return stored.ok ? ok(await this.#open(record)) : stored;
  }

  async #open(record: ConversationRecord): Promise<Conversation> {
    const source = await this.#sourceOf(record);
    const conversation = await Conversation.open(this.#ports.storage, record, source);
    this.#conversations.set(record.key, conversation);
    conversation.subscribe((change) => this.#changed(conversation, change));
    this.#changed(conversation, { type: 'summary' });
    return conversation;
  }

  async #sourceOf(record: ConversationRecord): Promise<MessageSource> {
    if (record.with.kind !== 'person') return LooseSource.open(this.#ports, record.key);
    const { device, person } = this.#self.identity;
    const log = await openLog(this.#ports, {
      conversation: directConversation(this.#ports.crypto.hash, person, record.with.person),
      self: device,
      device: this.#self.device,
      epoch: EPOCH,
      // Looked up at each use: a device that is proved later may write at once.
      authors: () =>
        new Set([
          device,
          ...(this.#conversations.get(record.key)?.record.devices ?? record.devices).map((d) => d.device),
        ]),
      now: () => this.#ports.clock.now(),
    });
    return new LogSource(this.#ports, device, log);
  }

  /** A mere name becomes a person: record and waiting texts move in one commit. */
  async #bind(
    conversation: Conversation,
    becomes: (record: ConversationRecord) => ConversationRecord,
  ): Promise<Result<Conversation, StorageFault>> {
    const source = await this.#sourceOf(becomes(conversation.record));
    const moved = await conversation.moveTo(becomes, source, (record) =>
      this.#move(conversation, source, { puts: [{ key: recordKey(record.key), value: record }] }),
    );
    return moved.ok ? ok(conversation) : moved;
  }

  /** The name belongs to somebody who has a conversation already: what was written to the name goes there. */
  async #merge(nameless: Conversation, known: Conversation): Promise<Result<Conversation, StorageFault>> {
    const moved = await this.#move(nameless, known.source, { deletes: [recordKey(nameless.record.key)] });
    if (!moved.ok) return moved;
    this.#conversations.delete(nameless.record.key);
    this.#changed(nameless, { type: 'moved' });
    return ok(known);
  }

  async #move(
    from: Conversation,
    to: MessageSource,
    also: Pick<Batch, 'puts' | 'deletes'>,
  ): Promise<Result<void, StorageFault>> {
    const { source } = from;
    if (!(source instanceof LooseSource) || !(to instanceof LogSource)) return fail('broken');
    return source.moveQueued(to, async (queued) => {
      const deletes = [...(also.deletes ?? []), ...queued.map(({ number }) => source.storageKey(number))];
      if (queued.length === 0) return this.#ports.storage.commit({ ...also, deletes });
      const bodies = queued.map(({ salt, text }) => ({ kind: 'text', salt, text }) as const);
      const walls = queued.map(({ wall }) => wall);
      const appended = await to.log.append(bodies, { ...also, deletes, walls });
      return appended.ok ? ok(undefined) : appended;
    });
  }
}

const knows = (record: ConversationRecord, { device }: Identity): boolean =>
  record.devices.some((known) => known.device === device);

const withDevice = (record: ConversationRecord, proved: Identity | null): ConversationRecord => {
  if (!proved) return record;
  const devices = knows(record, proved) ? record.devices : [...record.devices, proved].slice(-DEVICES_MAX);
  return { ...record, devices, open: null };
};

/** Whether nothing about the record would change: then nothing is written. */
const isMet = (
  record: ConversationRecord,
  standing: ConversationRecord['standing'],
  proved: Identity | null,
): boolean => record.standing === standing && (!proved || (knows(record, proved) && record.open === null));
