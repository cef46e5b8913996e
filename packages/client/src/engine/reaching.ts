import { ATTEMPT_ID_LENGTH, type AttemptId, attemptIdOf, type Identity, type Key, type Name } from '@earshot/protocol';
import type { Conversation } from '../conversations/conversation.ts';
import { LogSource } from '../conversations/log-source.ts';
import { LooseSource } from '../conversations/loose-source.ts';
import type { LineStatus } from '../engine-types.ts';
import { answerPlain, callPlain } from '../plain/plain-session.ts';
import type { RtcPath } from '../ports/index.ts';
import { type Line, type LineEffect, type LineEvent, RESTING, stepLine } from '../reach/line.ts';
import { openCalleeSession, openCallerSession } from '../session/session.ts';
import type { SessionEnd } from '../session/types.ts';
import { spread } from '../spread.ts';
import { type Attempt, Said } from './attempt.ts';
import type { EngineContext } from './context.ts';
import { KeyedTalk, type Talk, type TalkHandlers } from './keyed-talk.ts';
import { PlainTalk } from './plain-talk.ts';

/** Random bytes of an attempt's id. */
const ATTEMPT_BYTES = (ATTEMPT_ID_LENGTH * 3) / 4;

/** A running attempt. */
export interface Trial {
  readonly attempt: Attempt;
  readonly said: Said;
  readonly talk: Talk;
  /** The path may be told before the line is open. */
  path: RtcPath | null;
  code: readonly number[] | null;
}

/** An offer that has been let in. */
export interface AcceptedOffer {
  readonly attempt: Attempt;
  readonly sdp: string;
}

/** The shell around one conversation's line: runs the effects of {@link stepLine}. */
export class Reaching {
  readonly #engine: EngineContext;
  readonly conversation: Conversation;
  readonly #trials = new Map<AttemptId, Trial>();
  /** Offers on their way from the event that brings them to the effect that answers them. */
  readonly #offers = new Map<AttemptId, AcceptedOffer>();
  #line: Line;
  #cancelTimer: () => void = () => undefined;
  #closed = false;

  constructor(engine: EngineContext, conversation: Conversation) {
    this.#engine = engine;
    this.conversation = conversation;
    this.#line = restingLine(conversation);
  }

  get line(): Line {
    return this.#line;
  }

  status(): LineStatus {
    const open = this.#line.state === 'open' ? this.#trials.get(this.#line.attempt) : undefined;
    return statusOf(this.#line, this.#engine.isHere(), open ?? NO_PATH);
  }

  dispatch(event: LineEvent): void {
    if (this.#closed) return;
    const { line, effects } = stepLine(this.#line, event);
    const changed = line !== this.#line;
    this.#line = line;
    for (const effect of effects) this.#run(effect);
    if (changed) this.#engine.changed();
  }

  /** They are here: call them. `null`: a plain client. */
  call(peer: Key | null): void {
    this.dispatch({ type: 'found', peer, attempt: this.newAttempt() });
  }

  /** Somebody who is let in calls. */
  offered(offer: AcceptedOffer, ownWins: boolean): void {
    this.#offers.set(offer.attempt.id, offer);
    this.dispatch({ type: 'offered', attempt: offer.attempt.id, ownWins });
    this.#offers.delete(offer.attempt.id);
  }

  newAttempt(): AttemptId {
    return attemptIdOf(this.#engine.ports.crypto.random(ATTEMPT_BYTES));
  }

  /** The running attempt that a message of the server belongs to; plain clients don't name theirs. */
  find(name: Name, key: Key | null, attempt: AttemptId | null): Trial | undefined {
    if (attempt !== null) {
      const trial = this.#trials.get(attempt);
      return trial && trial.attempt.key?.device === key?.device ? trial : undefined;
    }
    if (key) return undefined;
    return [...this.#trials.values()].find((trial) => trial.attempt.key === null && trial.attempt.name === name);
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer();
    for (const { talk } of this.#trials.values()) talk.close();
    this.#trials.clear();
  }

  #run(effect: LineEffect): void {
    switch (effect.type) {
      case 'look': {
        const sent = this.#engine.send({ type: 'start_transfer', target: this.conversation.record.name });
        if (!sent) this.dispatch({ type: 'not_found' });
        return;
      }
      case 'call':
        return this.#begin(
          { id: effect.attempt, role: 'caller', name: this.conversation.record.name, key: effect.peer },
          null,
        );
      case 'answer': {
        const offer = this.#offers.get(effect.attempt);
        if (offer) this.#begin(offer.attempt, offer.sdp);
        return;
      }
      case 'repeat':
        return this.#trials.get(effect.attempt)?.said.again();
      case 'drop':
        return this.#drop(effect.attempt, effect.tell);
      case 'use':
        return this.#use(effect.attempt);
      case 'timer': {
        this.#cancelTimer();
        const { clock, crypto } = this.#engine.ports;
        const ms = effect.spread ? spread(crypto, effect.ms) : effect.ms;
        this.#cancelTimer = clock.after(ms, () => this.dispatch({ type: 'timer' }));
        return;
      }
      case 'no_timer':
        return this.#cancelTimer();
    }
  }

  #begin(attempt: Attempt, offer: string | null): void {
    const said = new Said(attempt, (message) => void this.#engine.send(message));
    const handlers = this.#handlers(attempt, said);
    const talk = attempt.key ? this.#keyed(attempt, attempt.key, offer, handlers) : this.#plain(offer, handlers);
    this.#trials.set(attempt.id, { attempt, said, talk, path: null, code: null });
  }

  #keyed(attempt: Attempt, expected: Key, offer: string | null, handlers: TalkHandlers): Talk {
    const { ports, self, relayOnly } = this.#engine;
    const options = { ports, self, attempt: attempt.id, iceServers: this.#engine.iceServers(), relayOnly, expected };
    return new KeyedTalk(
      (session) => (offer === null ? openCallerSession(options, session) : openCalleeSession(options, offer, session)),
      handlers,
    );
  }

  #plain(offer: string | null, handlers: TalkHandlers): Talk {
    const { ports, relayOnly } = this.#engine;
    const options = { clock: ports.clock, rtc: ports.rtc, iceServers: this.#engine.iceServers(), relayOnly };
    return new PlainTalk(
      (session) => (offer === null ? callPlain(options, session) : answerPlain(options, offer, session)),
      handlers,
    );
  }

  #handlers(attempt: Attempt, said: Said): TalkHandlers {
    const { id } = attempt;
    return {
      signal: (signal) => said.say(signal),
      opened: () => this.dispatch({ type: 'opened', attempt: id }),
      ready: (peer, code) => void this.#ready(attempt, peer, code),
      named: (name) => this.#engine.renamed(this.conversation, name),
      path: (path) => {
        const trial = this.#trials.get(id);
        if (!trial) return;
        trial.path = path;
        this.#engine.changed();
      },
      ended: (reason) => this.#ended(id, reason),
    };
  }

  /** Files who it is before anything is said: a proof that isn't durable could be forgotten. */
  async #ready(attempt: Attempt, peer: Identity | null, code: readonly number[] | null): Promise<void> {
    const filed = await this.#engine.met(this.conversation, attempt.name, peer);
    const trial = this.#trials.get(attempt.id);
    if (this.#closed || !trial) return;
    if (!filed) {
      this.#drop(attempt.id, false);
      this.dispatch({ type: 'ended', attempt: attempt.id, reason: 'closed' });
      return;
    }
    trial.code = code;
    this.dispatch({ type: 'secured', attempt: attempt.id });
  }

  #use(attempt: AttemptId): void {
    const talk = this.#trials.get(attempt)?.talk;
    const { source } = this.conversation;
    if (talk instanceof KeyedTalk && source instanceof LogSource) talk.use(source, this.#engine.name() ?? '');
    else if (talk instanceof PlainTalk && source instanceof LooseSource) talk.use(source);
  }

  #ended(attempt: AttemptId, reason: SessionEnd): void {
    if (!this.#trials.delete(attempt)) return;
    if (reason === 'not_proved') this.#engine.notProved(this.conversation);
    this.dispatch({ type: 'ended', attempt, reason });
  }

  #drop(id: AttemptId, tell: boolean): void {
    const trial = this.#trials.get(id);
    if (!trial) return;
    this.#trials.delete(id);
    trial.talk.close();
    const { role, name, key } = trial.attempt;
    if (tell && role === 'caller' && key) {
      this.#engine.send({ type: 'cancel', target: name, device: key.device, attempt: id });
    }
  }
}

/** Where a line begins after a start, from what the record remembers. */
const restingLine = ({ record }: Conversation): Line => {
  if (record.standing === 'blocked' || (record.open !== null && typeof record.open === 'object')) {
    return { state: 'resting', why: 'held', tries: 0 };
  }
  return record.open === 'declined' ? { state: 'resting', why: 'declined', tries: 0 } : RESTING;
};

const NO_PATH: Pick<Trial, 'path' | 'code'> = { path: null, code: null };

const statusOf = (line: Line, here: boolean, { path, code }: Pick<Trial, 'path' | 'code'>): LineStatus => {
  switch (line.state) {
    case 'open':
      if (!path) return { state: 'connecting', phase: 'verifying' };
      return { state: path.kind, roundTripMs: path.roundTripMs, code };
    case 'calling':
    case 'answering':
      return { state: 'connecting', phase: line.phase };
    case 'looking':
      // Later look-ups go on quietly: somebody away is away, not "connecting" every half minute.
      return line.tries === 0 ? { state: 'connecting', phase: 'looking' } : { state: here ? 'away' : 'offline' };
    case 'resting':
      return { state: here ? 'away' : 'offline' };
  }
};
