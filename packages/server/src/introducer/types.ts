import type { IceServer, PersonId, SignalErrorCode, Verify } from '@earshot/protocol';
import type { Limits } from './limits.ts';

/** Time. Real in the process, virtual in a simulation. */
export interface Clock {
  /** ms since 1970; may jump either way. */
  now(): number;
  /** ms since some fixed moment; never goes back. */
  elapsed(): number;
  /** Runs `act` once, `ms` from now or later. Answers what cancels it. */
  after(ms: number, act: () => void): () => void;
}

/** One WebSocket as the introducer sees it. */
export interface Connection {
  /** One text frame. Silent after the end. */
  send(text: string): void;
  /** Ends it after what was sent; {@link Visitor.closed} may still come. Idempotent. */
  close(code: number, reason: string): void;
  /** Whoever shares it shares the limits per address. */
  readonly address: string;
  /** The authority that the client dialled, `null` where it isn't one of this server's own: nothing signed for it is taken. */
  readonly host: string | null;
  /** Whether the subprotocol of clients with keys was negotiated. */
  readonly keyed: boolean;
}

/** What the shell reports about one connection. */
export interface Visitor {
  /** A text frame of at most SIGNAL_FRAME_MAX_BYTES. */
  received(text: string): void;
  /** A frame that isn't worth reading. */
  unreadable(why: Extract<SignalErrorCode, 'not_json' | 'too_large'>): void;
  closed(): void;
}

/** A name and whose it is until then. */
export interface Hold {
  readonly person: PersonId;
  /** ms since 1970. */
  readonly until: number;
}

/** Which key holds which name, by folded name. A read sees every write at once; a write is durable when its promise resolves. */
export interface HoldStore {
  readonly size: number;
  get(folded: string): Hold | undefined;
  put(folded: string, hold: Hold): Promise<void>;
  delete(folded: string): Promise<void>;
  /** Removes what ended before `now`, ms since 1970. */
  sweep(now: number): Promise<void>;
}

export interface IceList {
  readonly servers: readonly IceServer[];
  /** When their credentials end, ms since 1970; `null` where they have none. */
  readonly expires: number | null;
}

export interface IntroducerSettings {
  /** `refused`: only clients with keys get in. */
  readonly plainClients: 'admitted' | 'refused';
  /** How long a name outlives its owner's last connection, ms. */
  readonly holdMs: number;
  readonly limits: Limits;
}

/** One for each turn of a lifecycle; never a name, a key or content. */
export type LogEvent =
  | { readonly event: 'came'; readonly address: string; readonly keyed: boolean }
  | { readonly event: 'registered'; readonly keyed: boolean; readonly devices: number }
  | { readonly event: 'refused'; readonly code: SignalErrorCode | 'user_already_exists' }
  | { readonly event: 'went'; readonly registered: boolean }
  | { readonly event: 'hold_not_stored'; readonly error: unknown };

export interface IntroducerDeps {
  readonly clock: Clock;
  /** Unpredictable bytes. */
  readonly random: (bytes: number) => Uint8Array;
  readonly verify: Verify;
  readonly holds: HoldStore;
  /** {@link DEFAULT_SETTINGS} for what isn't given. */
  readonly settings?: Partial<IntroducerSettings>;
  /** Asked for each keyed client, and again before the answer ends. None by default. */
  readonly iceServers?: (now: number) => IceList;
  readonly log?: (event: LogEvent) => void;
}

export interface Introducer {
  accept(connection: Connection): Visitor;
  /** Tells everybody that the server goes, closes every connection, cancels every timer. Idempotent. */
  close(): void;
  /** Those who have a name now. */
  readonly present: number;
}
