import {
  type ClientMessage,
  encodeSignal,
  foldName,
  type Key,
  type Name,
  NONCE_BYTES,
  parseClientMessage,
  SIGNAL_FRAME_MAX_BYTES,
  type SignalErrorCode,
} from '@earshot/protocol';
import { CLOSE } from './close-codes.ts';
import type { Present } from './directory.ts';
import type { House } from './house.ts';
import { claimName, takeName } from './registration.ts';
import { relay } from './relay.ts';
import { type Answered, errorFrame, type Speaker, speakerOf } from './speech.ts';
import { TokenBucket } from './token-bucket.ts';
import type { Connection, Visitor } from './types.ts';

/** Before it has a name, with one, or after the end. */
type Stay =
  | { readonly state: 'nameless'; readonly cancelTimeout: () => void }
  | { readonly state: 'here'; readonly folded: string; readonly speaker: Speaker; readonly cancelIce: () => void }
  | { readonly state: 'gone' };

const nothing = (): void => {};

/** One connection, from its first frame to its last. */
export class Guest implements Visitor, Present {
  readonly connection: Connection;
  /** What a client with keys has to sign; `null` for a plain one. */
  readonly nonce: Uint8Array | null;
  readonly #house: House;
  readonly #bucket: TokenBucket;
  #stay: Stay;
  #key: Key | null = null;
  #dropped = 0;
  /** Frames that came while a claim was being verified, in their order; `null` while none is. */
  #waiting: string[] | null = null;
  #waitingLength = 0;

  constructor(house: House, connection: Connection) {
    this.connection = connection;
    this.#house = house;
    this.#bucket = new TokenBucket(house.limits.messageBurst, house.clock.elapsed());
    const cancelTimeout = house.clock.after(house.limits.registerWithinMs, () => this.end(CLOSE.policy, 'no name'));
    this.#stay = { state: 'nameless', cancelTimeout };
    this.nonce = connection.keyed ? house.random(NONCE_BYTES) : null;
    if (this.nonce) connection.send(encodeSignal({ type: 'challenge', data: { nonce: this.nonce } }));
  }

  get key(): Key | null {
    return this.#key;
  }

  /** The folded name, where it has one. */
  get folded(): string | undefined {
    return this.#stay.state === 'here' ? this.#stay.folded : undefined;
  }

  get isGone(): boolean {
    return this.#stay.state === 'gone';
  }

  received(text: string): void {
    if (this.isGone || !this.#afford(text.length)) return;
    if (this.#waiting) this.#wait(this.#waiting, text);
    else this.#read(text);
  }

  unreadable(why: 'not_json' | 'too_large'): void {
    if (!this.isGone && this.#afford(0)) this.refuse(why);
  }

  closed(): void {
    this.#leave();
  }

  /** One of this server's own frames, or one that was passed on. */
  hear(text: string): void {
    this.connection.send(text);
  }

  refuse(code: SignalErrorCode, answered?: Answered): void {
    this.hear(errorFrame(code, answered));
  }

  /** Says why, where there is something to say, and closes. */
  end(code: number, reason: string, error?: SignalErrorCode): void {
    if (this.isGone) return;
    if (error) this.refuse(error);
    this.#leave();
    this.connection.close(code, reason);
  }

  /** Has that name from now on, and answers to no other. */
  settle(name: Name, folded: string, key: Key | null): void {
    const { directory } = this.#house;
    const before = this.#stay;
    if (before.state === 'nameless') before.cancelTimeout();
    if (before.state === 'here') {
      before.cancelIce();
      directory.remove(before.folded, this);
    }
    this.#key = key;
    this.#stay = { state: 'here', folded, speaker: speakerOf(name, key), cancelIce: nothing };
    directory.add(folded, this);
    this.hear(encodeSignal({ type: 'user_stored', data: name }));
    if (key) this.#tellIce();
  }

  #leave(): void {
    const stay = this.#stay;
    if (stay.state === 'gone') return;
    this.#stay = { state: 'gone' };
    this.#waiting = null;
    if (stay.state === 'nameless') stay.cancelTimeout();
    else {
      stay.cancelIce();
      this.#house.directory.remove(stay.folded, this);
      if (this.#key) void this.#house.names.hold(stay.folded, this.#key.person);
    }
    this.#house.left(this, stay.state === 'here');
  }

  /** Frames over the limit cost nothing but their reading; who goes on all the same is closed. */
  #afford(length: number): boolean {
    const { messageBurst, messagesPerSecond, messagesDroppedMax } = this.#house.limits;
    const cost = 1 + (length >> 10);
    if (this.#bucket.take(cost, messageBurst, messagesPerSecond, this.#house.clock.elapsed())) {
      this.#dropped = 0;
      return true;
    }
    if (this.#dropped++ === 0) this.refuse('rate_limited');
    else if (this.#dropped > messagesDroppedMax) this.end(CLOSE.policy, 'rate limited');
    return false;
  }

  /** Once something didn't fit, nothing that follows is kept either: there would be a gap before it. */
  #wait(waiting: string[], text: string): void {
    const { waitingMessages, waitingLength } = this.#house.limits;
    if (this.#waitingLength > waitingLength) return;
    this.#waitingLength += text.length;
    if (waiting.length < waitingMessages && this.#waitingLength <= waitingLength) waiting.push(text);
    else {
      this.#waitingLength = Number.POSITIVE_INFINITY;
      this.refuse('rate_limited');
    }
  }

  #read(text: string): void {
    if (text.length > SIGNAL_FRAME_MAX_BYTES) return this.refuse('too_large');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return this.refuse('not_json');
    }
    const message = parseClientMessage(value);
    if (message.ok) this.#obey(message.value, text);
    else this.refuse(message.error);
  }

  #obey(message: ClientMessage, text: string): void {
    if (message.type === 'ping') return this.hear('{"type":"pong"}');
    if (message.type === 'store_user') return this.#register(message);
    if (this.#stay.state !== 'here') return this.refuse('not_registered', message);
    relay(this.#house.directory, this, this.#stay.speaker, message, text);
  }

  #register({ name, data }: Extract<ClientMessage, { type: 'store_user' }>): void {
    if (!this.nonce && !data) return takeName(this.#house, this, name, foldName(name));
    if (!this.nonce || !data) return this.refuse('claim_invalid');
    if (!this.#house.mayRegister(this)) return this.refuse('rate_limited');
    this.#waiting = [];
    this.#waitingLength = 0;
    // A bug in there must not leave the connection deaf for ever, nor the process without its other guests.
    void claimName(this.#house, this, { name, nonce: this.nonce, claim: data })
      .catch(() => this.end(CLOSE.failed, 'failed'))
      .then(() => this.#goOn());
  }

  /** Reads what waited. Another claim among it lets the rest wait on. */
  #goOn(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    while (waiting.length > 0 && !this.isGone) {
      if (this.#waiting) return this.#waitOn(this.#waiting, waiting);
      this.#read(waiting.shift() ?? '');
    }
  }

  #waitOn(waiting: string[], rest: readonly string[]): void {
    waiting.push(...rest);
    this.#waitingLength = rest.reduce((sum, { length }) => sum + length, 0);
  }

  #tellIce(): void {
    if (this.#stay.state !== 'here') return;
    const { clock, iceServers } = this.#house;
    const now = clock.now();
    const { servers, expires } = iceServers(now);
    this.hear(encodeSignal({ type: 'ice_servers', data: { servers: [...servers], expires } }));
    if (expires === null) return;
    // At half time, so that a connection in the making never holds credentials that end under it.
    this.#stay = { ...this.#stay, cancelIce: clock.after((expires - now) / 2, () => this.#tellIce()) };
  }
}
