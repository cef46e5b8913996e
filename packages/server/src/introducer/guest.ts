import {
  type Claim,
  type ClientMessage,
  encodeSignal,
  foldName,
  type Key,
  type Name,
  NONCE_BYTES,
  parseClientMessage,
  SIGNAL_FRAME_MAX_BYTES,
  type SignalErrorCode,
  unreachable,
  verifyClaim,
} from '@earshot/protocol';
import type { House } from './house.ts';
import { type Answered, errorFrame, passOn, type Speaker, speakerOf, withdraw } from './speech.ts';
import { TokenBucket } from './token-bucket.ts';
import type { Connection, Visitor } from './types.ts';

/** WebSocket close codes (RFC 6455, section 7.4.1, and of our own from 4000). */
const CLOSE = { policy: 1008, restart: 1012, tryLater: 1013, replaced: 4000 } as const;

/** Before it has a name, with one, or after the end. */
type Stay =
  | { readonly state: 'nameless'; readonly cancelTimeout: () => void }
  | { readonly state: 'here'; readonly name: Name; readonly folded: string; readonly speaker: Speaker }
  | { readonly state: 'gone' };

type Keyed<T extends ClientMessage['type']> = Extract<ClientMessage, { type: T }>;

/** One connection, from its first frame to its last. */
export class Guest implements Visitor {
  readonly #house: House;
  readonly #connection: Connection;
  readonly #bucket: TokenBucket;
  readonly #nonce: Uint8Array | null;
  #stay: Stay;
  #key: Key | null = null;
  #dropped = 0;
  /** Frames that came while a claim was being verified, in their order; `null` while none is. */
  #waiting: string[] | null = null;
  #waitingLength = 0;
  #cancelIce: (() => void) | null = null;

  constructor(house: House, connection: Connection) {
    this.#house = house;
    this.#connection = connection;
    this.#bucket = new TokenBucket(house.limits.messageBurst, house.clock.elapsed());
    const cancelTimeout = house.clock.after(house.limits.registerWithinMs, () => this.end(CLOSE.policy, 'no name'));
    this.#stay = { state: 'nameless', cancelTimeout };
    this.#nonce = connection.keyed ? house.random(NONCE_BYTES) : null;
    if (this.#nonce) connection.send(encodeSignal({ type: 'challenge', data: { nonce: this.#nonce } }));
  }

  get key(): Key | null {
    return this.#key;
  }

  received(text: string): void {
    if (this.#stay.state === 'gone' || !this.#afford(text.length)) return;
    if (this.#waiting) return this.#wait(this.#waiting, text);
    this.#read(text);
  }

  unreadable(why: 'not_json' | 'too_large'): void {
    if (this.#stay.state !== 'gone' && this.#afford(0)) this.#refuse(why);
  }

  closed(): void {
    this.#leave();
  }

  /** Says why, where there is something to say, and closes. */
  end(code: number, reason: string, error?: SignalErrorCode): void {
    if (this.#stay.state === 'gone') return;
    if (error) this.#refuse(error);
    this.#leave();
    this.#connection.close(code, reason);
  }

  shutDown(): void {
    this.end(CLOSE.restart, 'restart', 'shutting_down');
  }

  /** One of this server's own frames, or one that was passed on. */
  hear(text: string): void {
    this.#connection.send(text);
  }

  #leave(): void {
    const stay = this.#stay;
    if (stay.state === 'gone') return;
    this.#stay = { state: 'gone' };
    this.#waiting = null;
    this.#cancelIce?.();
    if (stay.state === 'nameless') stay.cancelTimeout();
    else this.#house.directory.remove(stay.folded, this);
    if (stay.state === 'here' && this.#key) void this.#house.names.hold(stay.folded, this.#key.person);
    this.#house.left(this, this.#connection.address, stay.state === 'here');
  }

  /** Dropped frames cost nothing but their reading; who goes on all the same is closed. */
  #afford(length: number): boolean {
    const { messageBurst, messagesPerSecond, messagesDroppedMax } = this.#house.limits;
    const cost = 1 + (length >> 10);
    if (this.#bucket.take(cost, messageBurst, messagesPerSecond, this.#house.clock.elapsed())) {
      this.#dropped = 0;
      return true;
    }
    if (this.#dropped++ === 0) this.#refuse('rate_limited');
    else if (this.#dropped > messagesDroppedMax) this.end(CLOSE.policy, 'rate limited');
    return false;
  }

  #wait(waiting: string[], text: string): void {
    const { waitingMessages, waitingLength } = this.#house.limits;
    if (waiting.length >= waitingMessages || this.#waitingLength + text.length > waitingLength) {
      return this.#refuse('rate_limited');
    }
    waiting.push(text);
    this.#waitingLength += text.length;
  }

  #read(text: string): void {
    if (text.length > SIGNAL_FRAME_MAX_BYTES) return this.#refuse('too_large');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return this.#refuse('not_json');
    }
    const message = parseClientMessage(value);
    if (message.ok) this.#obey(message.value);
    else this.#refuse(message.error);
  }

  #obey(message: ClientMessage): void {
    if (message.type === 'ping') return this.hear('{"type":"pong"}');
    if (message.type === 'store_user') return this.#register(message);
    const stay = this.#stay;
    if (stay.state !== 'here') return this.#refuse('not_registered', message);
    switch (message.type) {
      case 'start_transfer':
        return this.#lookUp(message.target);
      case 'create_offer': {
        const target = this.#find(message);
        if (!target) return this.#refuse('target_unavailable', message);
        return this.#pass(target, 'offer_received', stay.speaker, message.data.sdp, message);
      }
      case 'create_answer':
        return this.#pass(this.#find(message), 'answer_received', stay.speaker, message.data.sdp, message);
      case 'ice_candidate':
        return this.#pass(this.#find(message), 'ice_candidate', stay.speaker, message.data, message);
      case 'decline':
      case 'cancel': {
        const target = this.#find(message);
        const type = message.type === 'decline' ? 'declined' : 'cancelled';
        if (target?.key) target.hear(withdraw(type, stay.speaker, message.attempt));
        return;
      }
      default:
        return unreachable(message);
    }
  }

  #find({ target, device }: Pick<Keyed<'create_offer'>, 'target' | 'device'>): Guest | undefined {
    return this.#house.directory.find(foldName(target), device);
  }

  #pass(
    target: Guest | undefined,
    type: 'offer_received' | 'answer_received' | 'ice_candidate',
    speaker: Speaker,
    data: unknown,
    { attempt }: Pick<Keyed<'create_offer'>, 'attempt'>,
  ): void {
    target?.hear(passOn(type, speaker, data, attempt, target.key !== null));
  }

  #lookUp(target: Name): void {
    const found = this.#house.directory.find(foldName(target), undefined);
    const data = found ? target : null;
    if (!this.#key) return this.hear(encodeSignal({ type: 'transfer_response', data }));
    const key = found?.key ? { key: found.key } : {};
    this.hear(encodeSignal({ type: 'transfer_response', data, target, ...key }));
  }

  #register({ name, data }: Keyed<'store_user'>): void {
    if (!this.#nonce) {
      if (data) return this.#refuse('claim_invalid');
      return this.#registerPlain(name);
    }
    if (!data) return this.#refuse('claim_invalid');
    if (!this.#house.mayRegister(this.#connection.address)) return this.#refuse('rate_limited');
    this.#waiting = [];
    this.#waitingLength = 0;
    // A bug in there must not leave the connection deaf for ever, nor the process without its other guests.
    void this.#claim(name, data, this.#nonce)
      .catch(() => this.end(CLOSE.tryLater, 'failed'))
      .then(() => this.#goOn());
  }

  #registerPlain(name: Name): void {
    if (this.#house.plainClients === 'refused') return this.end(CLOSE.policy, 'plain', 'plain_refused');
    const folded = foldName(name);
    if (this.#stay.state === 'here' && this.#stay.folded !== folded) return this.#refuse('already_registered');
    if (!this.#house.mayRegister(this.#connection.address)) return this.#refuse('rate_limited');
    if (this.#stay.state === 'nameless' && !this.#house.names.mayTake(folded, 'plain')) return this.#taken(name);
    this.#settle(name, folded, null);
    this.hear(encodeSignal({ type: 'user_stored', data: name }));
  }

  async #claim(name: Name, { key: identity, nonce, signature }: Claim, serverNonce: Uint8Array): Promise<void> {
    const { verify, names } = this.#house;
    const { host } = this.#connection;
    const facts = { host: host ?? '', serverNonce, clientNonce: nonce, name };
    if (host === null || !(await verifyClaim(verify, identity, facts, signature))) return this.#refuse('claim_invalid');
    const key = { person: identity.person, device: identity.device };
    if (this.#key && (this.#key.person !== key.person || this.#key.device !== key.device)) {
      return this.#refuse('already_registered');
    }
    const folded = foldName(name);
    if (!names.mayTake(folded, key.person)) return this.#taken(name);
    await names.hold(folded, key.person);
    if (this.#isGone()) return;
    // Where holds can't be stored somebody else may have come meanwhile.
    if (!names.mayTake(folded, key.person)) return this.#taken(name);
    this.#settle(name, folded, key);
    this.hear(encodeSignal({ type: 'user_stored', data: name }));
    this.#tellIce();
  }

  /** After a wait anything may have happened. */
  #isGone(): boolean {
    return this.#stay.state === 'gone';
  }

  #goOn(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    for (const [i, text] of (waiting ?? []).entries()) {
      if (this.#isGone()) return;
      this.#read(text);
      // It was another claim, or the end: the rest waits on.
      if (this.#waiting) {
        (this.#waiting as string[]).push(...(waiting ?? []).slice(i + 1));
        return;
      }
    }
  }

  #settle(name: Name, folded: string, key: Key | null): void {
    const { directory, names, limits } = this.#house;
    const before = this.#stay;
    this.#key = key;
    if (before.state === 'nameless') before.cancelTimeout();
    if (before.state === 'here') directory.remove(before.folded, this);
    if (key) {
      const devices = directory.devices(folded);
      const yields = devices.find((other) => other.key?.device === key.device);
      (yields ?? (devices.length >= limits.devicesPerName ? devices[0] : undefined))?.end(CLOSE.replaced, 'replaced');
    }
    directory.add(folded, this);
    this.#stay = { state: 'here', name, folded, speaker: speakerOf(name, key) };
    if (before.state === 'here' && before.folded !== folded) void names.release(before.folded);
    this.#house.log({ event: 'registered', keyed: key !== null, devices: directory.devices(folded).length });
  }

  #tellIce(): void {
    const { clock, iceServers } = this.#house;
    const now = clock.now();
    const { servers, expires } = iceServers(now);
    this.hear(encodeSignal({ type: 'ice_servers', data: { servers: [...servers], expires } }));
    this.#cancelIce?.();
    // At half time, so that a connection in the making never holds credentials that end under it.
    this.#cancelIce = expires === null ? null : clock.after((expires - now) / 2, () => this.#tellIce());
  }

  #taken(name: Name): void {
    this.#house.log({ event: 'refused', code: 'user_already_exists' });
    this.hear(encodeSignal({ type: 'user_already_exists', data: name }));
  }

  #refuse(code: SignalErrorCode, answered?: Answered): void {
    this.hear(errorFrame(code, answered));
  }
}
