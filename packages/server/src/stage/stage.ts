import { encodeSignal, parseServerMessage, type ServerMessage } from '@earshot/protocol';
import { createMemoryHolds } from '../holds/memory-holds.ts';
import { createIntroducer } from '../introducer/create-introducer.ts';
import { DEFAULT_LIMITS, type Limits } from '../introducer/limits.ts';
import type { Connection, IntroducerDeps, LogEvent } from '../introducer/types.ts';
import { type Device, verify } from './device.ts';
import { virtualClock } from './virtual-clock.ts';

export type Direction = Partial<Omit<IntroducerDeps, 'clock' | 'settings'>> & {
  readonly plainClients?: 'admitted' | 'refused';
  readonly limits?: Partial<Limits>;
};

/** An introducer in virtual time, and connections to play with. */
export const createStage = ({ plainClients = 'admitted', limits, ...deps }: Direction = {}) => {
  const clock = virtualClock();
  const holds = deps.holds ?? createMemoryHolds();
  const events: LogEvent[] = [];
  let counter = 0;
  const introducer = createIntroducer({
    clock,
    random: (bytes) => new Uint8Array(bytes).fill(++counter),
    verify,
    holds,
    log: (event) => events.push(event),
    ...deps,
    settings: { plainClients, limits: { ...DEFAULT_LIMITS, ...limits } },
  });
  const dial = (how: Partial<Pick<Connection, 'address' | 'host' | 'keyed'>> = {}) => new Actor(introducer.accept, how);
  /** Registered already. */
  const plain = (name: string): Actor => {
    const actor = dial();
    actor.send({ type: 'store_user', name });
    return actor;
  };
  const keyed = async (name: string, device: Device): Promise<Actor> => {
    const actor = dial({ keyed: true });
    await actor.claim(name, device);
    return actor;
  };
  return { introducer, clock, holds, events, dial, plain, keyed };
};

/** All that promises have left to do. */
export const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

/** The other end of a connection. */
export class Actor {
  /** Frames as they came. */
  readonly heard: string[] = [];
  closed: number | null = null;
  readonly #visitor;

  constructor(
    accept: ReturnType<typeof createIntroducer>['accept'],
    how: Partial<Pick<Connection, 'address' | 'host' | 'keyed'>>,
  ) {
    this.#visitor = accept({
      address: '192.0.2.1',
      host: 'localhost:3000',
      keyed: false,
      ...how,
      send: (text) => {
        if (this.closed === null) this.heard.push(text);
      },
      close: (code) => {
        this.closed ??= code;
      },
    });
  }

  /** A text as it is, anything else as JSON. */
  send(message: unknown): void {
    this.#visitor.received(typeof message === 'string' ? message : encodeSignal(message as never));
  }

  sendUnreadable(why: 'not_json' | 'too_large'): void {
    this.#visitor.unreadable(why);
  }

  /** The line breaks without a word. */
  drop(): void {
    this.closed ??= 1006;
    this.#visitor.closed();
  }

  get nonce(): Uint8Array {
    const [first] = this.messages;
    if (first?.type !== 'challenge') throw new Error('No challenge came');
    return first.data.nonce;
  }

  async claim(name: string, device: Device, host?: string): Promise<void> {
    this.send({ type: 'store_user', name, data: device.claim(name, this.nonce, host) });
    await settled();
  }

  /** What was heard, each frame a message that clients take. */
  get messages(): ServerMessage[] {
    return this.heard.map((text) => {
      const message = parseServerMessage(text);
      if (!message.ok) throw new Error(`The server said what no client understands: ${text}`);
      return message.value;
    });
  }

  /** Only what came since it was asked last, as bare JSON. */
  news(): unknown[] {
    return this.heard.splice(0).map((text) => JSON.parse(text) as unknown);
  }
}
