import { type AttemptId, CANDIDATES_MAX, type ClientMessage, type Key, type Name } from '@earshot/protocol';
import type { SessionSignal } from '../session/types.ts';

/** Descriptions and candidates of one attempt that may have to be said again. */
const SENT_MAX = CANDIDATES_MAX + 1;

/** One try to connect, as the server's messages name it. */
export interface Attempt {
  readonly id: AttemptId;
  readonly role: 'caller' | 'callee';
  readonly name: Name;
  /** `null`: a plain client. */
  readonly key: Key | null;
}

/** The address part of a message to the other side. Plain clients know neither devices nor attempts. */
const addressOf = ({ id, name, key }: Attempt): { target: Name; device?: Key['device']; attempt?: AttemptId } =>
  key ? { target: name, device: key.device, attempt: id } : { target: name };

/** A session's word as the signalling server carries it. */
export const messageOf = (attempt: Attempt, signal: SessionSignal): ClientMessage => {
  const address = addressOf(attempt);
  switch (signal.type) {
    case 'offer':
      return { type: 'create_offer', ...address, data: { sdp: signal.sdp, type: 'OFFER' } };
    case 'answer':
      return { type: 'create_answer', ...address, data: { sdp: signal.sdp, type: 'ANSWER' } };
    case 'candidate':
      return { type: 'ice_candidate', ...address, data: signal.candidate };
  }
};

/** What was said for an attempt: the way through the server may have lost any of it. */
export class Said {
  readonly #send: (message: ClientMessage) => void;
  readonly #attempt: Attempt;
  readonly #messages: ClientMessage[] = [];

  constructor(attempt: Attempt, send: (message: ClientMessage) => void) {
    this.#attempt = attempt;
    this.#send = send;
  }

  say(signal: SessionSignal): void {
    const message = messageOf(this.#attempt, signal);
    if (this.#messages.length < SENT_MAX) this.#messages.push(message);
    this.#send(message);
  }

  again(): void {
    for (const message of this.#messages) this.#send(message);
  }
}
