import type { FrameInTransit, MemoryRtc } from '@earshot/client/memory';
import {
  type AttemptId,
  encodeSignal,
  type Identity,
  type Key,
  type Name,
  parseServerMessage,
  type ServerMessage,
} from '@earshot/protocol';
import type { Dice } from '../dice.ts';
import { Violation } from '../invariants/violation.ts';
import type { WorldContext } from './context.ts';
import { Middle } from './middle.ts';

/** How often a frame is tampered with. */
const TAMPERS = 0.3;
/** Frames and keys that are remembered to be used again. */
const REMEMBERED_MAX = 40;

/** `noise`: any frame may be lost, doubled, changed or replayed. `middle`: a man in the middle of each connection. `redirect`: who is called isn't who answers. */
export type Attack = 'noise' | 'middle' | 'redirect';

type Addressed = Extract<ServerMessage, { name: Name }>;
type Described = Extract<ServerMessage, { type: 'offer_received' | 'answer_received' }>;

/** What a server could do that wants to read along, or to harm. It sits between the honest one and the clients. */
export class HostileServer {
  readonly #world: WorldContext;
  readonly #dice: Dice;
  readonly #rtc: MemoryRtc;
  readonly #attack: Attack;
  readonly #old: ServerMessage[] = [];
  readonly #keys = new Map<string, Key>();
  /** Who showed themselves in a handshake, by person. */
  readonly #met = new Map<string, Identity>();
  readonly #middles = new Map<
    AttemptId,
    { readonly middle: Middle; readonly caller: string; readonly offer: Described }
  >();
  readonly #redirected = new Map<AttemptId, { readonly caller: string; readonly callee: Name; readonly to: string }>();
  #on = true;

  constructor(world: WorldContext, dice: Dice, attack: Attack) {
    this.#world = world;
    this.#dice = dice;
    this.#attack = attack;
    this.#rtc = world.network.tab('server');
  }

  /** From now on it is honest. */
  stop(): void {
    this.#on = false;
    for (const { middle } of this.#middles.values()) middle.close();
  }

  /** What a client hears in place of this frame. */
  passes({ from, text }: FrameInTransit): readonly string[] {
    const message = parseServerMessage(text);
    if (!this.#on || !message.ok) return [text];
    this.#remember(message.value);
    return this.#changed(from, message.value).map(encodeSignal);
  }

  #changed(to: string, message: ServerMessage): readonly ServerMessage[] {
    switch (this.#attack) {
      case 'noise':
        return this.#dice.chance(TAMPERS) ? this.#noise(message) : [message];
      case 'middle':
        return this.#between(to, message);
      case 'redirect':
        return this.#redirect(to, message);
    }
  }

  #remember(message: ServerMessage): void {
    if ('name' in message && message.key) this.#keys.set(message.name, message.key);
    if (message.type === 'transfer_response' && message.data !== null && message.key)
      this.#keys.set(message.data, message.key);
    if (!('name' in message)) return;
    this.#old.push(message);
    if (this.#old.length > REMEMBERED_MAX) this.#old.shift();
  }

  #noise(message: ServerMessage): readonly ServerMessage[] {
    const old = this.#dice.pickAny(this.#old);
    switch (this.#dice.between(0, 8)) {
      case 0:
        return [];
      case 1:
        return [message, message];
      case 2:
        return old ? [message, old] : [message];
      case 3:
        return old ? [old, message] : [message];
      case 4:
        return [otherFingerprint(message, this.#dice)];
      case 5:
        return [this.#otherKey(message)];
      case 6:
        return 'name' in message
          ? [message, { ...withoutData(message), type: this.#dice.pick(['declined', 'cancelled']) }]
          : [message];
      case 7:
        if (message.type === 'transfer_response')
          return [{ type: 'transfer_response', data: null, target: message.target }];
        return message.type === 'user_stored' ? [{ type: 'user_already_exists', data: message.data }] : [message];
      default:
        return [this.#otherName(message)];
    }
  }

  #otherKey(message: ServerMessage): ServerMessage {
    const key = this.#dice.pickAny([...this.#keys.values()]);
    if (!key || !('key' in message) || !message.key) return message;
    const { person, device } = message.key;
    const swapped = this.#dice.pick<Key>([key, { person, device: key.device }, { person: key.person, device }]);
    return { ...message, key: swapped };
  }

  #otherName(message: ServerMessage): ServerMessage {
    const name = this.#dice.pickAny([...this.#keys.keys()]) as Name | undefined;
    return 'name' in message && name ? { ...message, name } : message;
  }

  #between(to: string, message: ServerMessage): readonly ServerMessage[] {
    if (!('attempt' in message) || !message.attempt) return [message];
    const known = this.#middles.get(message.attempt);
    if (message.type === 'offer_received') {
      if (known) return [];
      this.#interpose(to, message, message.attempt);
      return [];
    }
    if (!known) return [message];
    if (message.type === 'answer_received') known.middle.answered(message);
    else if (message.type === 'ice_candidate')
      known.middle.candidate(to === known.caller ? 'callee' : 'caller', message.data);
    else return [message];
    return [];
  }

  #interpose(callee: string, offer: Extract<ServerMessage, { type: 'offer_received' }>, attempt: AttemptId): void {
    const caller: string = offer.name;
    const tell = (name: string) => (message: ServerMessage) => this.#world.server.tell(name, encodeSignal(message));
    const [from, to] = [this.#met.get(offer.key?.person ?? ''), this.#met.get(this.#keys.get(callee)?.person ?? '')];
    const middle = new Middle({
      rtc: this.#rtc,
      crypto: this.#world.crypto,
      offer,
      tell: { caller: tell(caller), callee: tell(callee) },
      read: (text) => this.#world.broke(new Violation('private', `the server read "${text}"`)),
      met: (identity) => this.#met.set(identity.person, identity),
      play: from && to && this.#dice.chance(0.7) ? { caller: from, callee: to } : null,
    });
    this.#middles.set(attempt, { middle, caller, offer });
  }

  /** The third hears the call, and what it answers comes back under the callee's name and key. */
  #redirect(to: string, message: ServerMessage): readonly ServerMessage[] {
    if (!('attempt' in message) || !message.attempt) return [message];
    const known = this.#redirected.get(message.attempt);
    if (message.type === 'offer_received' && !known) {
      const third = [...this.#keys.keys()].find((name) => name !== to && name !== message.name);
      if (third === undefined || !this.#dice.chance(0.6)) return [message];
      this.#redirected.set(message.attempt, { caller: message.name, callee: to as Name, to: third });
      this.#world.server.tell(third, encodeSignal(message));
      return [];
    }
    if (!known) return [message];
    if (to === known.callee) {
      this.#world.server.tell(known.to, encodeSignal(message));
      return [];
    }
    const key = this.#keys.get(known.callee);
    return to === known.caller && 'name' in message
      ? [{ ...message, name: known.callee, ...(key && { key }) }]
      : [message];
  }
}

const withoutData = ({ name, key, attempt }: Addressed): Pick<Addressed, 'name' | 'key' | 'attempt'> => ({
  name,
  ...(key && { key }),
  ...(attempt && { attempt }),
});

const FINGERPRINT = /a=fingerprint:sha-256 [^\r\n]+/;

const otherFingerprint = (message: ServerMessage, dice: Dice): ServerMessage => {
  if (message.type !== 'offer_received' && message.type !== 'answer_received') return message;
  const hex = Array.from({ length: 32 }, () => dice.between(0, 255).toString(16).padStart(2, '0').toUpperCase()).join(
    ':',
  );
  const line = `a=fingerprint:sha-256 ${hex}`;
  const second = dice.chance(0.5);
  return { ...message, data: message.data.replace(FINGERPRINT, (own) => (second ? `${own}\r\n${line}` : line)) };
};
