import {
  type AttemptId,
  fail,
  type Identity,
  type Key,
  type Name,
  ok,
  type PersonId,
  parseName,
  type Result,
} from '@earshot/protocol';
import type { Conversation } from '../conversations/conversation.ts';
import type { Registry } from '../conversations/registry.ts';
import type { ConversationKey } from '../engine-types.ts';
import type { StorageFault } from '../ports/index.ts';
import { ownOfferWins } from '../reach/line.ts';
import type { Reaching } from './reaching.ts';
import type { PendingOffer, Requests } from './requests.ts';
import type { Switchboard } from './switchboard.ts';

type AcceptFault = 'gone' | 'storage_full' | 'storage_broken';

const acceptFault = (fault: StorageFault): AcceptFault => (fault === 'full' ? 'storage_full' : 'storage_broken');

/** Who is let in, and whom a name turns out to belong to. */
export class Introductions {
  readonly #board: Switchboard;
  readonly #registry: Registry;
  readonly #requests: Requests;

  constructor(board: Switchboard, registry: Registry, requests: Requests) {
    this.#board = board;
    this.#registry = registry;
    this.#requests = requests;
  }

  /** The server answers a look-up. `found` is `null` where nobody is here, and holds no key for a plain client. */
  looked(name: Name, found: { readonly key: Key | null } | null): void {
    for (const line of this.#board.looking(name)) this.#resolve(line, found);
  }

  #resolve(line: Reaching, found: { readonly key: Key | null } | null): void {
    const { record } = line.conversation;
    const key = found?.key ?? null;
    const { person } = this.#board.self.identity;
    const notFound = (): void => line.dispatch({ type: 'not_found' });
    if (!found || key?.person === person) return notFound();
    switch (record.with.kind) {
      case 'plain':
        return key ? notFound() : line.call(null);
      case 'name':
        if (key && this.#registry.ofPerson(key.person)) return void this.#toKnown(line, key.person, record.name);
        return line.call(key);
      case 'person':
        // A contact whose key is known never falls back to the plain dialect.
        if (!key) return notFound();
        if (key.person === record.with.person) return line.call(key);
        notFound();
        if (key.person !== record.refusedKey) void this.#keyChanged(line, key.person);
        return;
    }
  }

  /** The name is a new one of somebody who has a conversation already. */
  async #toKnown(line: Reaching, person: PersonId, name: Name): Promise<void> {
    const known = this.#registry.ofPerson(person);
    if (known?.record.standing !== 'accepted') return line.dispatch({ type: 'not_found' });
    const merged = await this.#registry.toPerson(person, name, 'accepted');
    if (!merged.ok) return line.dispatch({ type: 'not_found' });
    await merged.value.update((record) => ({ ...record, name }));
    this.#board.forget(line.conversation.record.key);
    this.#board.line(merged.value).dispatch({ type: 'wanted' });
    this.#board.changed();
  }

  async #keyChanged(line: Reaching, person: PersonId): Promise<void> {
    line.dispatch({ type: 'hold' });
    await line.conversation.update((record) => ({ ...record, open: { keyChanged: person } }));
  }

  /** Somebody calls: an accepted contact or somebody whom this device is calling is let in, anybody else waits for the person. */
  offered(name: Name, key: Key | null, attempt: AttemptId | null, sdp: string): void {
    if (!key) return this.#plainOffered(name, sdp);
    const own = this.#board.self.identity;
    if (!attempt || key.person === own.person) return;
    const known = this.#registry.ofPerson(key.person);
    if (known?.record.standing === 'blocked') return;
    const mutual = known ?? this.#calledByName(name);
    if (mutual) return this.#letIn(mutual, { name, key, attempt, sdp });
    const taken = this.#registry.named(name).some(({ record }) => record.with.kind === 'person');
    this.#requests.add({ name, key, attempt, sdp }, taken ? 'name_has_another_key' : null);
  }

  #plainOffered(name: Name, sdp: string): void {
    const named = this.#registry.named(name);
    if (named.some(({ record }) => record.with.kind === 'plain' && record.standing === 'blocked')) return;
    const keyed = named.some(({ record }) => record.with.kind === 'person');
    this.#requests.add({ name, key: null, attempt: null, sdp }, keyed ? 'name_has_another_key' : null);
  }

  /** Two who look for each other by name have both decided already. */
  #calledByName(name: Name): Conversation | undefined {
    return this.#registry
      .named(name)
      .find(({ record }) => record.with.kind === 'name' && record.standing === 'accepted' && record.open === null);
  }

  #letIn(
    conversation: Conversation,
    offer: { name: Name; key: Key; attempt: AttemptId; sdp: string; candidates?: PendingOffer['candidates'] },
  ): void {
    const { person, device } = this.#board.self.identity;
    const line = this.#board.line(conversation);
    const { attempt, name, key, sdp } = offer;
    line.offered({ attempt: { id: attempt, role: 'callee', name, key }, sdp }, ownOfferWins({ person, device }, key));
    for (const candidate of offer.candidates ?? [])
      line.find(name, key, attempt)?.talk.handle({ type: 'candidate', candidate });
  }

  async accept(requestId: string): Promise<Result<ConversationKey, AcceptFault>> {
    const offer = this.#requests.take(requestId);
    if (!offer) return fail('gone');
    const filed = await this.#file(offer, 'accepted');
    if (!filed.ok) return fail(acceptFault(filed.error));
    const conversation = filed.value;
    const { name, key, attempt, sdp, candidates } = offer;
    if (key && attempt) this.#letIn(conversation, { name, key, attempt, sdp, candidates });
    else this.#answerPlain(conversation, offer);
    this.#board.changed();
    return ok(conversation.record.key);
  }

  #answerPlain(conversation: Conversation, { name, sdp, candidates }: PendingOffer): void {
    const line = this.#board.line(conversation);
    line.offered({ attempt: { id: line.newAttempt(), role: 'callee', name, key: null }, sdp }, false);
    for (const candidate of candidates) line.find(name, null, null)?.talk.handle({ type: 'candidate', candidate });
  }

  decline(requestId: string): void {
    const offer = this.#requests.take(requestId);
    if (offer) this.#refuse(offer);
  }

  async block(requestId: string): Promise<void> {
    const offer = this.#requests.take(requestId);
    if (!offer) return;
    this.#refuse(offer);
    await this.#file(offer, 'blocked');
    this.#board.changed();
  }

  /** The person takes the new key for this name: it gets a conversation of its own. */
  async acceptNewKey(key: ConversationKey): Promise<void> {
    const conversation = this.#registry.get(key);
    const open = conversation?.record.open;
    if (!conversation || open === null || typeof open !== 'object') return;
    const made = await this.#registry.toPerson(open.keyChanged, conversation.record.name, 'accepted');
    if (!made.ok) return;
    await this.#refuseKey(conversation, open.keyChanged);
    this.#board.line(made.value).dispatch({ type: 'wanted' });
    this.#board.changed();
  }

  async keepOldKey(key: ConversationKey): Promise<void> {
    const conversation = this.#registry.get(key);
    const open = conversation?.record.open;
    if (conversation && open !== null && typeof open === 'object') await this.#refuseKey(conversation, open.keyChanged);
  }

  async #refuseKey(conversation: Conversation, person: PersonId): Promise<void> {
    await conversation.update((record) => ({ ...record, open: null, refusedKey: person }));
    this.#board.line(conversation).dispatch({ type: 'wanted' });
  }

  /** Answers whether it is remembered. */
  async declinedBy(conversation: Conversation): Promise<boolean> {
    return (await conversation.update((record) => ({ ...record, open: 'declined' }))).ok;
  }

  /** Part of {@link EngineContext}. */
  async met(conversation: Conversation, name: Name, peer: Identity | null): Promise<boolean> {
    if (conversation.record.standing === 'blocked') return false;
    const filed = peer
      ? await this.#registry.toPerson(peer.person, name, 'accepted', peer)
      : await this.#registry.toPlain(name, 'accepted');
    if (!filed.ok) return false;
    if (filed.value !== conversation) {
      // The one that was called by name alone is no more; the person's own line goes on by itself.
      if (!this.#registry.get(conversation.record.key)) this.#board.forget(conversation.record.key);
      this.#board.line(filed.value).dispatch({ type: 'wanted' });
      return false;
    }
    return true;
  }

  /** A proved peer's own word of its name is a label too; it never takes the label of somebody else here. */
  renamed(conversation: Conversation, text: string): void {
    const name = parseName(text);
    if (!name.ok || name.value === conversation.record.name) return;
    const taken = this.#registry.named(name.value).some((other) => other !== conversation);
    if (!taken) void conversation.update((record) => ({ ...record, name: name.value }));
  }

  #file({ name, key }: PendingOffer, standing: 'accepted' | 'blocked'): Promise<Result<Conversation, StorageFault>> {
    return key ? this.#registry.toPerson(key.person, name, standing) : this.#registry.toPlain(name, standing);
  }

  #refuse({ name, key, attempt }: PendingOffer): void {
    if (key && attempt) this.#board.send({ type: 'decline', target: name, device: key.device, attempt });
  }
}
