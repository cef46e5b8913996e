import {
  type ConversationKey,
  type ConversationSummary,
  createEngine,
  type Engine,
  type OpenConversation,
  type Ports,
  type SendFault,
  type StartFault,
} from '@earshot/client';
import type { CommitFate, MemoryRtc, MemorySocketPort, MemoryStorage, VirtualClock } from '@earshot/client/memory';
import { checkBounds } from '../invariants/bounds.ts';
import type { ShownConversation, ShownMessage } from '../invariants/display.ts';
import type { WorldContext } from './context.ts';
import type { Disk } from './disk.ts';
import { type SendTap, tapRtc } from './wire.ts';

/** When every run begins, ms since 1970. */
export const WALL_MS = Date.UTC(2030, 0, 1);

export interface ProcessOptions {
  readonly label: string;
  readonly host: string;
  readonly disk: Disk;
  /** The wall clock that the device shows, ms since 1970. */
  readonly wall: number;
  readonly fate: () => CommitFate;
  readonly tap: SendTap;
  /** Something on the screen may have changed. */
  readonly changed: () => void;
  /** The process has died of a fate of its disk. */
  readonly crashed: () => void;
  readonly started: (fault: StartFault | null) => void;
  /** Its store is gone or was taken over; the engine has closed. */
  readonly lost: () => void;
}

/** One tab: an engine, its ports, and the screen that shows all its conversations. */
export class Process {
  readonly label: string;
  readonly #world: WorldContext;
  readonly clock: VirtualClock;
  readonly #socket: MemorySocketPort;
  readonly #rtc: MemoryRtc;
  readonly #storage: MemoryStorage;
  readonly #changed: () => void;
  readonly #windows = new Map<ConversationKey, OpenConversation>();
  #engine: Engine | null = null;
  #connections = 0;
  #alive = true;

  constructor(world: WorldContext, options: ProcessOptions) {
    this.#world = world;
    this.label = options.label;
    this.#changed = options.changed;
    this.clock = world.time.clock(options.wall);
    this.#socket = world.server.sockets.port(options.host);
    this.#rtc = world.network.tab(options.host);
    this.#storage = options.disk.open(options.fate, () => {
      this.kill();
      options.crashed();
    });
    const rtc = tapRtc(this.#rtc, options.tap, (change) => {
      this.#connections += change;
    });
    const { clock } = this;
    const ports: Ports = { clock, crypto: world.crypto, socket: this.#socket, rtc, storage: this.#storage };
    void createEngine(ports, { lost: options.lost }).then((engine) => {
      if (!this.#alive) return;
      if (engine.ok) {
        this.#engine = engine.value;
        engine.value.snapshot.subscribe(options.changed);
        this.look();
      }
      options.started(engine.ok ? null : engine.error);
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** `null` before it has started, and after its end. */
  get engine(): Engine | null {
    return this.#alive ? this.#engine : null;
  }

  /** It is gone between two instructions. */
  kill(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.clock.kill();
    this.#storage.crash();
    this.#rtc.kill();
    this.#socket.kill();
  }

  /** Its person closes the tab: the engine says goodbye, and then it is gone. */
  close(): void {
    const engine = this.engine;
    this.#engine = null;
    if (engine) void engine.close().then(() => this.kill());
    else this.kill();
  }

  conversation(other: string): ConversationSummary | undefined {
    return this.engine?.snapshot.get().conversations.find((summary) => this.#other(summary) === other);
  }

  named(name: string): ConversationSummary | undefined {
    return this.engine?.snapshot.get().conversations.find((summary) => summary.name === name);
  }

  async send(key: ConversationKey, text: string): Promise<SendFault | null> {
    if (!this.engine) return 'storage_broken';
    const sent = await this.engine.send(key, text);
    return sent.ok ? null : sent.error;
  }

  /** Opens a window on every conversation of the snapshot, and closes those of conversations that are no more. */
  look(): void {
    const engine = this.engine;
    if (!engine) return;
    const { conversations } = engine.snapshot.get();
    const keys = new Set(conversations.map(({ key }) => key));
    for (const [key, open] of this.#windows) {
      if (keys.has(key)) continue;
      open.close();
      this.#windows.delete(key);
    }
    for (const open of this.#windows.values()) if (open.window.get().older === 'some') void open.loadOlder();
    for (const key of keys) {
      const open = this.#windows.has(key) ? undefined : engine.open(key);
      if (!open) continue;
      open.window.subscribe(this.#changed);
      this.#windows.set(key, open);
    }
  }

  /** What its screen shows. */
  screen(): readonly ShownConversation[] {
    return (this.engine?.snapshot.get().conversations ?? []).map((summary) => {
      const window = this.#windows.get(summary.key)?.window.get();
      return {
        key: summary.key,
        other: this.#other(summary),
        messages: window?.messages.map(shown) ?? [],
        complete: window?.older === 'none',
      };
    });
  }

  checkBounds(): void {
    const snapshot = this.engine?.snapshot.get();
    if (!snapshot) return;
    checkBounds({
      who: this.label,
      timers: this.clock.waiting,
      connections: this.#connections,
      conversations: snapshot.conversations.length,
      requests: snapshot.requests.length,
    });
  }

  #other(summary: ConversationSummary): string | null {
    return summary.with.kind === 'person' ? this.#world.personOf(summary.with.person) : null;
  }
}

type View = ReturnType<OpenConversation['window']['get']>['messages'][number];

const shown = (view: View): ShownMessage => ({
  id: view.id,
  text: view.content.kind === 'text' ? view.content.text : '(unknown)',
  state: view.from === 'me' ? view.state : null,
});
