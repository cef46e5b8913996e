import { checkText, fail, ok, type Result, SALT_BYTES, toBase64Url, WAITING_MAX_TEXTS } from '@earshot/protocol';
import type { ConversationKey, MessageState, SendFault } from '../engine-types.ts';
import type { Clock, Crypto, StorageFault, StorageKey, StoragePort } from '../ports/index.ts';
import { sendFaultOf } from './log-source.ts';
import { looseKeys, type ReadMark } from './records.ts';
import type { Item, MessageSource, Order, SourceChange } from './source.ts';

/** A message outside any log: written to a name that was never met, or exchanged with a client without keys. */
export interface LooseMessage {
  /** Order of arrival on this device, from 1. */
  readonly number: number;
  /** 16 bytes; becomes the salt of an entry once the person is met. */
  readonly salt: Uint8Array;
  readonly from: 'me' | 'them';
  readonly state: 'queued' | 'sent' | 'received';
  readonly wall: number;
  readonly text: string;
}

interface LoosePorts {
  readonly storage: StoragePort;
  readonly crypto: Crypto;
  readonly clock: Clock;
}

export class LooseSource implements MessageSource {
  readonly #ports: LoosePorts;
  readonly #key: ConversationKey;
  readonly #listeners = new Set<(change: SourceChange) => void>();
  #last: number;
  #received: readonly number[];
  readonly #queued: Map<number, LooseMessage>;
  #movedTo: MessageSource | null = null;
  #writes: Promise<unknown> = Promise.resolve();

  private constructor(ports: LoosePorts, key: ConversationKey, all: readonly LooseMessage[]) {
    this.#ports = ports;
    this.#key = key;
    this.#last = all.at(-1)?.number ?? 0;
    this.#received = all.filter(({ from }) => from === 'them').map(({ number }) => number);
    this.#queued = new Map(all.filter(({ state }) => state === 'queued').map((message) => [message.number, message]));
  }

  static async open(ports: LoosePorts, key: ConversationKey): Promise<LooseSource> {
    const items = await ports.storage.list(looseKeys(key));
    return new LooseSource(
      ports,
      key,
      items.map(({ value }) => value as LooseMessage),
    );
  }

  /** Own messages that nobody has taken yet, in order. */
  queued(): readonly LooseMessage[] {
    return [...this.#queued.values()];
  }

  storageKey(number: number): StorageKey {
    return [...looseKeys(this.#key), number];
  }

  async page(before: Order | null, limit: number): Promise<readonly Item[]> {
    const prefix = looseKeys(this.#key);
    const after = before ? { after: [...prefix, Number(before[0])] } : {};
    const items = await this.#ports.storage.list(prefix, { ...after, limit, reverse: true });
    return items.map(({ value }) => itemOf(value as LooseMessage)).reverse();
  }

  state(item: Item): MessageState {
    return this.#queued.has(Number(item.order[0])) ? 'queued' : 'sent';
  }

  append(text: string): Promise<Result<void, SendFault>> {
    const checked = checkText(text);
    return checked.ok ? this.#add('me', text) : Promise.resolve(checked);
  }

  /** Stores what a plain client said. */
  receive(text: string): Promise<Result<void, SendFault>> {
    return this.#add('them', text);
  }

  /** Records that a plain client's channel took it. */
  sent(message: LooseMessage): Promise<void> {
    return this.#write(async () => {
      const key = this.storageKey(message.number);
      await this.#ports.storage.commit({ puts: [{ key, value: { ...message, state: 'sent' } }] });
      this.#queued.delete(message.number);
      this.#tell({ type: 'states' });
    });
  }

  /** Moves the queued messages: `move` stores them elsewhere. Nothing else is written meanwhile, and what comes later goes `to` the new place. */
  moveQueued(
    to: MessageSource,
    move: (queued: readonly LooseMessage[]) => Promise<Result<void, StorageFault>>,
  ): Promise<Result<void, StorageFault>> {
    return this.#write(async () => {
      const moved = await move(this.queued());
      if (!moved.ok) return moved;
      this.#queued.clear();
      this.#movedTo = to;
      return moved;
    });
  }

  unread(mark: ReadMark): number {
    return this.#received.filter((number) => number > mark.loose).length;
  }

  everything(): ReadMark {
    return { logs: [], loose: this.#last };
  }

  /** Nothing here is signed. */
  forked(): boolean {
    return false;
  }

  subscribe(listener: (change: SourceChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #add(from: 'me' | 'them', text: string): Promise<Result<void, SendFault>> {
    return this.#write(async () => {
      if (this.#movedTo) return this.#movedTo.append(text);
      if (from === 'me' && this.#queued.size >= WAITING_MAX_TEXTS) return fail('too_many_waiting');
      const { storage, crypto, clock } = this.#ports;
      const message: LooseMessage = {
        number: this.#last + 1,
        salt: crypto.random(SALT_BYTES),
        from,
        state: from === 'me' ? 'queued' : 'received',
        wall: clock.now(),
        text,
      };
      const key = this.storageKey(message.number);
      const stored = await storage.commit({ checks: [{ key, is: null }], puts: [{ key, value: message }] });
      if (!stored.ok) return fail(sendFaultOf(stored.error));
      this.#last = message.number;
      if (from === 'me') this.#queued.set(message.number, message);
      else this.#received = [...this.#received, message.number];
      this.#tell({ type: 'added', items: [itemOf(message)] });
      return ok(undefined);
    });
  }

  /** One write at a time: each number is given once. */
  #write<T>(write: () => Promise<T>): Promise<T> {
    const done = this.#writes.then(write);
    this.#writes = done.catch(() => undefined);
    return done;
  }

  #tell(change: SourceChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}

const itemOf = ({ number, salt, from, wall, text }: LooseMessage): Item => ({
  order: [number],
  id: toBase64Url(salt),
  from,
  wall,
  content: { kind: 'text', text },
});
