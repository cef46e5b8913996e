import { type IceServer, type Name, type ServerMessage, unreachable } from '@earshot/protocol';

/** From dialling to the server's challenge, and from a claim to its answer, ms. */
export const SERVER_ANSWER_MAX_MS = 8_000;
/** A registered connection that hears nothing asks for a `pong` after this time, ms. */
export const PING_EVERY_MS = 20_000;
/** How long a `pong` may take, ms; shorter where the network has just changed, for then silence means a dead connection. */
export const PONG_MAX_MS = 5_000;
export const PONG_MAX_AFTER_CHANGE_MS = 1_500;
/** Waits between tries, ms. The first try is at once. */
export const RECONNECT_FIRST_MS = 250;
export const RECONNECT_MAX_MS = 5_000;

/** This device's connection to the signalling server. `connection` numbers the sockets, so that a late word of an old one is known. */
export type Link =
  | { readonly state: 'idle' }
  | { readonly state: 'waiting'; readonly name: Name; readonly tries: number; readonly connection: number }
  | { readonly state: 'dialling'; readonly name: Name; readonly tries: number; readonly connection: number }
  | { readonly state: 'claiming'; readonly name: Name; readonly tries: number; readonly connection: number }
  | {
      readonly state: 'here';
      readonly name: Name;
      readonly connection: number;
      readonly iceServers: readonly IceServer[];
      /** `asked`: a ping is out. */
      readonly heard: 'lately' | 'asked';
      /** Tries that it took, until the connection has lasted: a server that lets in and closes isn't dialled in a hurry. */
      readonly tries: number;
    }
  | {
      readonly state: 'refused';
      readonly name: Name;
      readonly reason: 'name_taken' | 'claim_invalid' | 'name_invalid';
      readonly connection: number;
    };

export type LinkEvent =
  | { readonly type: 'named'; readonly name: Name }
  | { readonly type: 'opened' | 'closed'; readonly connection: number }
  | { readonly type: 'message'; readonly message: ServerMessage; readonly connection: number }
  | { readonly type: 'timer' }
  | { readonly type: 'network_changed' };

export type LinkEffect =
  | { readonly type: 'dial'; readonly connection: number }
  | { readonly type: 'hang_up' }
  /** Sign the challenge and send `store_user`. */
  | { readonly type: 'claim'; readonly nonce: Uint8Array; readonly name: Name; readonly connection: number }
  | { readonly type: 'ping' }
  /** For the engine: everything that isn't about the link itself. */
  | { readonly type: 'deliver'; readonly message: ServerMessage }
  /** Replaces the link's one timer. `spread`: a random moment from half of it to all. */
  | { readonly type: 'timer'; readonly ms: number; readonly spread: boolean }
  | { readonly type: 'no_timer' };

export interface LinkStep {
  readonly link: Link;
  readonly effects: readonly LinkEffect[];
}

const stay = (link: Link): LinkStep => ({ link, effects: [] });

const dial = (name: Name, tries: number, connection: number, ...before: readonly LinkEffect[]): LinkStep => ({
  link: { state: 'dialling', name, tries, connection },
  effects: [...before, { type: 'dial', connection }, { type: 'timer', ms: SERVER_ANSWER_MAX_MS, spread: false }],
});

const wait = (name: Name, tries: number, connection: number): LinkStep => ({
  link: { state: 'waiting', name, tries: tries + 1, connection },
  effects: [
    { type: 'hang_up' },
    { type: 'timer', ms: Math.min(RECONNECT_FIRST_MS * 2 ** tries, RECONNECT_MAX_MS), spread: true },
  ],
});

/** The way of the link, as a pure function. */
export const stepLink = (link: Link, event: LinkEvent): LinkStep => {
  switch (event.type) {
    case 'named': {
      const connection = link.state === 'idle' ? 1 : link.connection + 1;
      return dial(event.name, 0, connection, { type: 'hang_up' });
    }
    case 'opened':
      return stay(link);
    case 'closed':
      return closed(link, event.connection);
    case 'message':
      return 'connection' in link && link.connection === event.connection ? heard(link, event.message) : stay(link);
    case 'timer':
      return timer(link);
    case 'network_changed':
      return networkChanged(link);
    default:
      return unreachable(event);
  }
};

const closed = (link: Link, connection: number): LinkStep => {
  if (link.state === 'idle' || link.connection !== connection) return stay(link);
  switch (link.state) {
    case 'here':
      return link.tries === 0 ? dial(link.name, 0, connection + 1) : wait(link.name, link.tries - 1, connection);
    case 'dialling':
    case 'claiming':
      return wait(link.name, link.tries, connection);
    default:
      return stay(link);
  }
};

const timer = (link: Link): LinkStep => {
  switch (link.state) {
    case 'waiting':
      return dial(link.name, link.tries, link.connection + 1);
    case 'dialling':
    case 'claiming':
      return wait(link.name, link.tries, link.connection);
    case 'here':
      return link.heard === 'asked'
        ? dial(link.name, 0, link.connection + 1, { type: 'hang_up' })
        : ask(link, PONG_MAX_MS);
    default:
      return stay(link);
  }
};

const ask = (link: Extract<Link, { state: 'here' }>, answerMaxMs: number): LinkStep => ({
  link: { ...link, heard: 'asked', tries: 0 },
  effects: [{ type: 'ping' }, { type: 'timer', ms: answerMaxMs, spread: false }],
});

const networkChanged = (link: Link): LinkStep => {
  switch (link.state) {
    case 'waiting':
      return dial(link.name, 0, link.connection + 1);
    case 'dialling':
    case 'claiming':
      return dial(link.name, 0, link.connection + 1, { type: 'hang_up' });
    case 'here':
      return ask(link, PONG_MAX_AFTER_CHANGE_MS);
    default:
      return stay(link);
  }
};

type Connected = Exclude<Link, { state: 'idle' }>;

const heard = (link: Connected, message: ServerMessage): LinkStep => {
  switch (message.type) {
    case 'challenge':
      if (link.state !== 'dialling') return stay(link);
      return {
        link: { ...link, state: 'claiming' },
        effects: [
          { type: 'claim', nonce: message.data.nonce, name: link.name, connection: link.connection },
          { type: 'timer', ms: SERVER_ANSWER_MAX_MS, spread: false },
        ],
      };
    case 'user_stored':
      if (link.state !== 'claiming') return stay(link);
      return {
        link: {
          state: 'here',
          name: link.name,
          connection: link.connection,
          iceServers: [],
          heard: 'lately',
          tries: link.tries + 1,
        },
        effects: [{ type: 'timer', ms: PING_EVERY_MS, spread: true }],
      };
    case 'user_already_exists':
      return link.state === 'claiming' ? refuse(link, 'name_taken') : stay(link);
    case 'error':
      return failed(link, message);
    case 'ice_servers':
      return link.state === 'here' ? stay({ ...link, iceServers: message.data.servers }) : stay(link);
    default:
      if (link.state !== 'here') return stay(link);
      return {
        link: { ...link, heard: 'lately' },
        effects: [
          { type: 'timer', ms: PING_EVERY_MS, spread: true },
          ...(message.type === 'pong' ? [] : [{ type: 'deliver', message } as const]),
        ],
      };
  }
};

const refuse = (link: Connected, reason: Extract<Link, { state: 'refused' }>['reason']): LinkStep => ({
  link: { state: 'refused', name: link.name, reason, connection: link.connection },
  effects: [{ type: 'hang_up' }, { type: 'no_timer' }],
});

/** Refusals of the claim are final; of the rest, those about a message go to the engine, and the others end with the connection. */
const failed = (link: Connected, message: Extract<ServerMessage, { type: 'error' }>): LinkStep => {
  const { code } = message.data;
  if (link.state === 'claiming' && (code === 'claim_invalid' || code === 'name_invalid')) return refuse(link, code);
  if (link.state === 'claiming' || link.state === 'dialling') return wait(link.name, link.tries, link.connection);
  return link.state === 'here' ? { link, effects: [{ type: 'deliver', message }] } : stay(link);
};
