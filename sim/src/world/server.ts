import { type AcceptSocket, MemorySockets, type ServerEnd, type VirtualClock } from '@earshot/client/memory';
import { createIntroducer, createMemoryHolds, type HoldStore, type Introducer } from '@earshot/server';
import { Violation } from '../invariants/violation.ts';
import type { WorldContext } from './context.ts';

export const HOST = 'chat.example';

export type ServerContext = Pick<WorldContext, 'time' | 'clock' | 'crypto' | 'passes' | 'broke'>;

/** The real introducer behind sockets in memory, with a power switch. */
export class Server {
  readonly sockets: MemorySockets;
  readonly #world: ServerContext;
  /** The newest connection of each. */
  readonly #ends = new Map<string, ServerEnd>();
  #past = false;
  #holds: HoldStore = createMemoryHolds();
  #running: { readonly introducer: Introducer; readonly clock: VirtualClock } | null = null;

  constructor(world: ServerContext, latencyMs: () => number) {
    this.#world = world;
    this.sockets = new MemorySockets({
      clock: world.clock,
      host: HOST,
      accept: () => null,
      latencyMs,
      through: (frame) => (this.#past ? [frame.text] : world.passes(frame)),
    });
    this.up('holds_kept');
  }

  get isUp(): boolean {
    return this.#running !== null;
  }

  /** Says something to a client past whoever sits on the way. */
  tell(name: string, text: string): void {
    this.#past = true;
    this.#ends.get(name)?.send(text);
    this.#past = false;
  }

  /** The process dies; connections are reset. */
  down(): void {
    this.#running?.clock.kill();
    this.#running = null;
    this.sockets.down();
  }

  up(holds: 'holds_kept' | 'holds_lost'): void {
    if (this.#running) return;
    if (holds === 'holds_lost') this.#holds = createMemoryHolds();
    const { crypto, time } = this.#world;
    const clock = time.clock();
    const introducer = createIntroducer({ clock, random: crypto.random, verify: crypto.verify, holds: this.#holds });
    this.#running = { introducer, clock };
    this.sockets.up(this.#accept(introducer));
  }

  #accept(introducer: Introducer): AcceptSocket {
    return (end) => {
      this.#ends.set(end.from, end);
      const visitor = this.#guard(() => introducer.accept(connectionOf(end)));
      return visitor
        ? {
            received: (text) => this.#guard(() => visitor.received(text)),
            closed: () => this.#guard(() => visitor.closed()),
          }
        : null;
    };
  }

  /** Whatever it is told, the server never throws. */
  #guard<T>(run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      this.#world.broke(new Violation('server', `the server threw ${String(error)}`));
      return undefined;
    }
  }
}

const connectionOf = (end: ServerEnd): Parameters<Introducer['accept']>[0] => ({
  send: (text) => end.send(text),
  close: () => end.close(),
  address: end.from,
  host: HOST,
  keyed: true,
});
