import { fail, foldName, type Name, ok, parseName, type Result } from '@earshot/protocol';
import { Window } from '../conversations/message-window.ts';
import { SELF_KEY } from '../conversations/records.ts';
import { Registry } from '../conversations/registry.ts';
import type { ConnectFault, ConversationKey, Engine, EngineSnapshot, NameChoiceFault } from '../engine-types.ts';
import { openIdentity } from '../identity/identity.ts';
import { safetyNumber } from '../identity/safety-number.ts';
import type { LocalIdentity } from '../identity/types.ts';
import { Subject } from '../observable.ts';
import type { Ports, StorageFault } from '../ports/index.ts';
import { brokenStore, ownStore, unlessGone } from '../store/own-store.ts';
import { snapshotOf } from './snapshot.ts';
import { Switchboard } from './switchboard.ts';

export interface EngineOptions {
  /** Hide this device's addresses: talk through a relay only. */
  readonly relayOnly?: boolean;
  /** Told once if the store is gone or a later engine took it over: this engine has closed, and only another one can go on. */
  readonly lost?: () => void;
}

const storeFault = (fault: StorageFault): 'storage_full' | 'storage_broken' =>
  fault === 'full' ? 'storage_full' : 'storage_broken';

/** `storage_damaged`: keys are stored, but not whole. They are left as they are: they may be all that is left of them. */
export type StartFault = 'storage_full' | 'storage_broken' | 'storage_damaged';

/**
 * Loads what this device remembers and begins to reach everybody. Without a store nothing can be promised, so there is no engine; and one
 * whose store is gone, or was taken over by a later engine (another tab), says goodbye, closes, and tells `options.lost`.
 */
export const createEngine = async (ports: Ports, options: EngineOptions = {}): Promise<Result<Engine, StartFault>> => {
  let lost = (): void => undefined;
  let isLost = false;
  const storage = await ownStore(ports.storage, () => {
    isLost = true;
    lost();
  }).catch(brokenStore);
  if (!storage.ok) return fail(storeFault(storage.error));
  const own: Ports = { ...ports, storage: storage.value };
  const self = await openIdentity(own).catch(brokenStore);
  if (!self.ok) return fail<StartFault>(`storage_${self.error}`);
  let changed = (): void => undefined;
  const loaded = await load(own, self.value, () => changed()).catch((error: unknown) => {
    unlessGone(error);
    return null;
  });
  if (!loaded || isLost) return fail('storage_broken');
  const engine = new EarshotEngine(own, self.value, loaded.registry, loaded.name, options.relayOnly ?? false);
  changed = () => engine.changed();
  lost = () => {
    void engine.close();
    options.lost?.();
  };
  engine.start();
  return ok(engine);
};

/** Rejects where the store can't be read. */
const load = async (
  ports: Ports,
  self: LocalIdentity,
  changed: () => void,
): Promise<{ registry: Registry; name: Name | null }> => {
  const stored = (await ports.storage.get(SELF_KEY)) as { readonly name: Name } | undefined;
  return { registry: await Registry.load(ports, self, changed), name: stored?.name ?? null };
};

class EarshotEngine implements Engine {
  readonly snapshot: Subject<EngineSnapshot>;
  readonly #ports: Ports;
  readonly #self: LocalIdentity;
  readonly #registry: Registry;
  readonly #board: Switchboard;
  #name: Name | null;
  #snapshotDue = false;

  constructor(ports: Ports, self: LocalIdentity, registry: Registry, name: Name | null, relayOnly: boolean) {
    this.#ports = ports;
    this.#self = self;
    this.#registry = registry;
    this.#name = name;
    this.#board = new Switchboard(ports, self, registry, {
      relayOnly,
      name: () => this.#name,
      changed: () => this.changed(),
    });
    this.snapshot = new Subject(snapshotOf(name, this.#board, registry));
  }

  start(): void {
    if (this.#name !== null) this.#board.claim(this.#name);
  }

  /** The next snapshot is taken once for all changes of this turn. */
  changed(): void {
    if (this.#snapshotDue) return;
    this.#snapshotDue = true;
    queueMicrotask(() => {
      if (this.#snapshotDue) this.#refresh();
    });
  }

  async chooseName(text: string): Promise<Result<Name, NameChoiceFault>> {
    const name = parseName(text);
    if (!name.ok) return name;
    const stored = await this.#ports.storage.commit({ puts: [{ key: SELF_KEY, value: { name: name.value } }] });
    if (!stored.ok) return fail(storeFault(stored.error));
    this.#name = name.value;
    this.#board.claim(name.value);
    this.#refresh();
    return name;
  }

  async connect(text: string): Promise<Result<ConversationKey, ConnectFault>> {
    const name = parseName(text);
    if (!name.ok) return name;
    if (this.#name !== null && foldName(name.value) === foldName(this.#name)) return fail('own_name');
    const conversation = await this.#registry.toName(name.value);
    if (!conversation.ok) return fail(storeFault(conversation.error));
    const { key } = conversation.value.record;
    this.retry(key);
    this.#refresh();
    return ok(key);
  }

  retry(key: ConversationKey): void {
    const conversation = this.#registry.get(key);
    if (!conversation || conversation.record.standing === 'blocked') return;
    const { open } = conversation.record;
    if (open !== null && typeof open === 'object') return;
    if (open !== null) void conversation.update((record) => ({ ...record, open: null }));
    this.#board.line(conversation).dispatch({ type: 'wanted' });
  }

  async send(...[key, text]: Parameters<Engine['send']>): ReturnType<Engine['send']> {
    const conversation = this.#registry.get(key);
    if (!conversation) return fail('unknown_conversation');
    const sent = await conversation.send(text);
    if (sent.ok && conversation.record.with.kind === 'plain') this.retry(key);
    this.#refresh();
    return sent;
  }

  open(key: ConversationKey): ReturnType<Engine['open']> {
    const conversation = this.#registry.get(key);
    return conversation && new Window(conversation);
  }

  accept(requestId: string): ReturnType<Engine['accept']> {
    return this.#board.introductions.accept(requestId);
  }

  decline(requestId: string): void {
    this.#board.introductions.decline(requestId);
  }

  block(requestId: string): Promise<void> {
    return this.#board.introductions.block(requestId);
  }

  async unblock(key: ConversationKey): Promise<void> {
    await this.#registry.get(key)?.update((record) => ({ ...record, standing: 'accepted' }));
    this.retry(key);
  }

  acceptNewKey(key: ConversationKey): Promise<void> {
    return this.#board.introductions.acceptNewKey(key);
  }

  keepOldKey(key: ConversationKey): Promise<void> {
    return this.#board.introductions.keepOldKey(key);
  }

  async markCompared(key: ConversationKey): Promise<void> {
    await this.#registry.get(key)?.update((record) => ({ ...record, compared: true }));
  }

  safetyNumber(key: ConversationKey): string | null {
    const other = this.#registry.get(key)?.record.with;
    if (other?.kind !== 'person') return null;
    return safetyNumber(this.#ports.crypto.hash, this.#self.identity.person, other.person);
  }

  networkChanged(): void {
    this.#board.networkChanged();
  }

  async close(): Promise<void> {
    this.#board.close();
  }

  #refresh(): void {
    this.#snapshotDue = false;
    this.snapshot.set(snapshotOf(this.#name, this.#board, this.#registry));
  }
}
