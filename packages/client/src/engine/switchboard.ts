import {
  type AttemptId,
  type ClientMessage,
  foldName,
  type IceServer,
  type Identity,
  type Key,
  type Name,
  type ServerMessage,
} from '@earshot/protocol';
import type { Conversation } from '../conversations/conversation.ts';
import { LooseSource } from '../conversations/loose-source.ts';
import type { Registry } from '../conversations/registry.ts';
import type { ConversationKey } from '../engine-types.ts';
import type { LocalIdentity } from '../identity/types.ts';
import type { Ports } from '../ports/index.ts';
import type { Link } from '../signalling/link.ts';
import { Signalling } from '../signalling/signalling.ts';
import type { EngineContext } from './context.ts';
import { Introductions } from './introductions.ts';
import { Reaching, type Trial } from './reaching.ts';
import { Requests } from './requests.ts';

/** When the way to the server is back, everybody is looked up, but not in one burst: so many ms apart. */
const LOOK_APART_MS = 25;

export interface SwitchboardOptions {
  readonly relayOnly: boolean;
  name(): Name | null;
  changed(): void;
}

/** Connects what the server says with the lines that it concerns. */
export class Switchboard implements EngineContext {
  readonly ports: Ports;
  readonly self: LocalIdentity;
  readonly relayOnly: boolean;
  readonly requests: Requests;
  readonly introductions: Introductions;
  readonly #registry: Registry;
  readonly #signalling: Signalling;
  readonly #lines = new Map<ConversationKey, Reaching>();
  readonly #options: SwitchboardOptions;
  #linkState: Link['state'] = 'idle';
  readonly #pacing = new Set<() => void>();
  #closed = false;

  constructor(ports: Ports, self: LocalIdentity, registry: Registry, options: SwitchboardOptions) {
    this.ports = ports;
    this.self = self;
    this.relayOnly = options.relayOnly;
    this.#options = options;
    this.#registry = registry;
    this.requests = new Requests(ports.clock, () => this.changed());
    this.introductions = new Introductions(this, registry, this.requests);
    this.#signalling = new Signalling(ports, self, (message) => this.#heard(message));
    this.#signalling.link.subscribe((link) => this.#linkChanged(link));
  }

  get link(): Link {
    return this.#signalling.link.get();
  }

  claim(name: Name): void {
    this.#signalling.claim(name);
  }

  /** The line of this conversation, made when it is first needed. */
  line(conversation: Conversation): Reaching {
    const { key } = conversation.record;
    const known = this.#lines.get(key);
    if (known) return known;
    const line = new Reaching(this, conversation);
    this.#lines.set(key, line);
    return line;
  }

  /** The conversation is no more: its messages live in another one. */
  forget(key: ConversationKey): void {
    this.#lines.get(key)?.close();
    this.#lines.delete(key);
  }

  networkChanged(): void {
    this.#signalling.networkChanged();
    if (this.isHere()) this.#lookForAll();
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#pacing) cancel();
    for (const line of this.#lines.values()) line.close();
    this.requests.close();
    this.#signalling.close();
  }

  isHere(): boolean {
    return this.link.state === 'here';
  }

  name(): Name | null {
    return this.#options.name();
  }

  iceServers(): readonly IceServer[] {
    return this.#signalling.iceServers;
  }

  send(message: ClientMessage): boolean {
    return this.#signalling.send(message);
  }

  changed(): void {
    if (!this.#closed) this.#options.changed();
  }

  #linkChanged(link: Link): void {
    const arrived = link.state === 'here' && this.#linkState !== 'here';
    this.#linkState = link.state;
    if (arrived) this.#lookForAll();
    this.changed();
  }

  #lookForAll(): void {
    for (const cancel of this.#pacing) cancel();
    this.#pacing.clear();
    this.#registry
      .all()
      .filter((conversation) => this.#isMissed(conversation))
      .forEach((conversation, i) => {
        const cancel = this.ports.clock.after(i * LOOK_APART_MS, () => {
          this.#pacing.delete(cancel);
          if (this.isHere()) this.line(conversation).dispatch({ type: 'wanted' });
        });
        this.#pacing.add(cancel);
      });
  }

  /** Plain clients ask their person at each call, so they are called for a reason only: something waits for them. */
  #isMissed(conversation: Conversation): boolean {
    const { line } = this.line(conversation);
    if (line.state === 'open' || (line.state === 'resting' && line.why !== 'away')) return false;
    const { source } = conversation;
    return conversation.record.with.kind !== 'plain' || (source instanceof LooseSource && source.queued().length > 0);
  }

  #heard(message: ServerMessage): void {
    switch (message.type) {
      case 'transfer_response':
        return this.#looked(message);
      case 'offer_received':
        return this.introductions.offered(message.name, message.key ?? null, message.attempt ?? null, message.data);
      case 'answer_received':
        return this.#answered(message.name, message.key ?? null, message);
      case 'ice_candidate':
        return this.#candidate(message);
      case 'declined':
      case 'cancelled':
        return this.#withdrawn(message);
      case 'error':
        if (message.data.code === 'target_unavailable' && message.data.attempt) {
          for (const line of this.#lines.values())
            line.dispatch({ type: 'unavailable', attempt: message.data.attempt });
        }
        return;
      default:
        return;
    }
  }

  #looked({ target, data, key }: Extract<ServerMessage, { type: 'transfer_response' }>): void {
    const name = target ?? data;
    if (name !== null) this.introductions.looked(name, data === null ? null : { key: key ?? null });
  }

  #answered(name: Name, key: Key | null, { attempt, data }: Extract<ServerMessage, { type: 'answer_received' }>): void {
    const found = this.#find(name, key, attempt ?? null);
    if (!found || found.trial.attempt.role !== 'caller') return;
    found.line.dispatch({ type: 'answered', attempt: found.trial.attempt.id });
    found.trial.talk.handle({ type: 'answer', sdp: data });
  }

  #candidate({ name, key, attempt, data }: Extract<ServerMessage, { type: 'ice_candidate' }>): void {
    const found = this.#find(name, key ?? null, attempt ?? null);
    if (found) found.trial.talk.handle({ type: 'candidate', candidate: data });
    else this.requests.candidate(name, attempt ?? null, data);
  }

  #withdrawn({ type, name, key, attempt }: Extract<ServerMessage, { type: 'declined' | 'cancelled' }>): void {
    if (!attempt) return;
    if (type === 'cancelled') return this.requests.cancelled(name, attempt);
    const found = this.#find(name, key ?? null, attempt);
    if (!found) return;
    // A refusal that can't be remembered would be shown to nobody: then the line asks again later.
    void this.introductions.declinedBy(found.line.conversation).then((remembered) => {
      found.line.dispatch({ type: remembered ? 'declined' : 'unavailable', attempt });
    });
  }

  #find(name: Name, key: Key | null, attempt: AttemptId | null): { line: Reaching; trial: Trial } | undefined {
    for (const line of this.#lines.values()) {
      const trial = line.find(name, key, attempt);
      if (trial) return { line, trial };
    }
    return undefined;
  }

  /** Lines that look for this name now. */
  looking(name: Name): readonly Reaching[] {
    const folded = foldName(name);
    return [...this.#lines.values()].filter(
      ({ line, conversation }) => line.state === 'looking' && foldName(conversation.record.name) === folded,
    );
  }

  met(conversation: Conversation, name: Name, peer: Identity | null): Promise<boolean> {
    return this.introductions.met(conversation, name, peer);
  }

  renamed(conversation: Conversation, name: string): void {
    this.introductions.renamed(conversation, name);
  }

  notProved(conversation: Conversation): void {
    void conversation.update((record) => ({ ...record, open: 'not_proved' }));
  }
}
