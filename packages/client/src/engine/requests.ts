import {
  type AttemptId,
  CANDIDATES_MAX,
  type Candidate,
  DECISION_MAX_MS,
  type Key,
  type Name,
  REQUESTS_MAX,
} from '@earshot/protocol';
import type { IncomingRequest } from '../engine-types.ts';
import type { Clock } from '../ports/index.ts';

/** An offer that waits for its person's decision; nothing was answered and no connection made yet. */
export interface PendingOffer {
  readonly id: string;
  readonly name: Name;
  readonly key: Key | null;
  /** `null` from a plain client. */
  readonly attempt: AttemptId | null;
  readonly sdp: string;
  /** What came meanwhile: a plain caller never sends one again. */
  readonly candidates: Candidate[];
}

interface Waiting {
  readonly offer: PendingOffer;
  readonly warning: IncomingRequest['warning'];
  readonly cancelTimer: () => void;
}

/** Callers who wait to be let in, one request a caller. */
export class Requests {
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  list(): readonly IncomingRequest[] {
    return [...this.#waiting.values()].map(({ offer, warning }) => ({
      id: offer.id,
      name: offer.name,
      person: offer.key?.person ?? null,
      warning,
    }));
  }

  /** A repeated offer of the same caller takes the place of the one before, so that an answer never goes to a dead one. */
  add(offer: Omit<PendingOffer, 'id' | 'candidates'>, warning: IncomingRequest['warning']): void {
    const id = offer.key ? `key ${offer.key.device}` : `plain ${offer.name}`;
    const before = this.#waiting.get(id);
    if (!before && this.#waiting.size >= REQUESTS_MAX) return;
    before?.cancelTimer();
    const same = before && offer.attempt !== null && before.offer.attempt === offer.attempt;
    const cancelTimer = this.#clock.after(DECISION_MAX_MS, () => this.#remove(id));
    const candidates = same ? before.offer.candidates : [];
    this.#waiting.set(id, { offer: { ...offer, id, candidates }, warning, cancelTimer });
    this.#changed();
  }

  /** Keeps a candidate for the offer that it belongs to; answers whether there is one. */
  candidate(name: Name, attempt: AttemptId | null, candidate: Candidate): boolean {
    const found = this.#find(name, attempt);
    if (!found) return false;
    if (found.candidates.length < CANDIDATES_MAX) found.candidates.push(candidate);
    return true;
  }

  /** The caller took it back. */
  cancelled(name: Name, attempt: AttemptId | null): void {
    const found = this.#find(name, attempt);
    if (found) this.#remove(found.id);
  }

  /** Takes the request out for a decision. */
  take(id: string): PendingOffer | undefined {
    const offer = this.#waiting.get(id)?.offer;
    if (offer) this.#remove(id);
    return offer;
  }

  close(): void {
    for (const { cancelTimer } of this.#waiting.values()) cancelTimer();
    this.#waiting.clear();
  }

  #find(name: Name, attempt: AttemptId | null): PendingOffer | undefined {
    return [...this.#waiting.values()].find(({ offer }) =>
      attempt === null ? offer.key === null && offer.name === name : offer.attempt === attempt && offer.name === name,
    )?.offer;
  }

  #remove(id: string): void {
    this.#waiting.get(id)?.cancelTimer();
    this.#waiting.delete(id);
    this.#changed();
  }
}
