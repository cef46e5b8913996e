import { type AttemptId, DECISION_MAX_MS, type Key, unreachable } from '@earshot/protocol';
import type { SessionEnd } from '../session/types.ts';

/** How long the server may take to say whether somebody is here, ms. */
export const LOOK_MAX_MS = 5_000;
/** An offer that nobody answered is sent again, ms: it or its answer may have been lost with a connection to the server. */
export const ASK_AGAIN_MS = 10_000;
/** Waits between look-ups of somebody who is away, ms. Whoever comes back dials as well, so this is the safety net. */
export const REDIAL_FIRST_MS = 2_000;
export const REDIAL_MAX_MS = 30_000;
/** After a session that was open ended by itself, ms. */
export const MEND_FIRST_MS = 250;
/** After a peer that broke the protocol or proved another key, ms. */
export const DISTRUST_MS = 30_000;

/** Another connection to the same peer, tried while the present one still stands: it takes over only when it is proved. */
export interface Rival {
  readonly attempt: AttemptId;
  readonly phase: 'opening' | 'verifying';
}

/** How far this device is in reaching one other. */
export type Line =
  | { readonly state: 'resting'; readonly why: 'away' | 'declined' | 'held'; readonly tries: number }
  | { readonly state: 'looking'; readonly tries: number }
  | {
      readonly state: 'calling';
      readonly attempt: AttemptId;
      readonly peer: Key | null;
      readonly phase: 'asking' | 'opening' | 'verifying';
      readonly tries: number;
      /** Times that the offer was sent. */
      readonly asked: number;
    }
  | {
      readonly state: 'answering';
      readonly attempt: AttemptId;
      readonly phase: 'opening' | 'verifying';
      readonly tries: number;
    }
  | { readonly state: 'open'; readonly attempt: AttemptId; readonly rival: Rival | null };

export type LineEvent =
  /** Somebody wants to talk, or the way to the server is new: look now. */
  | { readonly type: 'wanted' }
  /** They are here. `null`: a plain client. `attempt`: chosen for the call that follows. */
  | { readonly type: 'found'; readonly peer: Key | null; readonly attempt: AttemptId }
  | { readonly type: 'not_found' }
  /** An offer that this device's person has accepted, now or for good. `ownWins`: see {@link ownOfferWins}. */
  | { readonly type: 'offered'; readonly attempt: AttemptId; readonly ownWins: boolean }
  | { readonly type: 'answered' | 'opened' | 'secured' | 'declined' | 'unavailable'; readonly attempt: AttemptId }
  | { readonly type: 'ended'; readonly attempt: AttemptId; readonly reason: SessionEnd }
  | { readonly type: 'timer' }
  /** Nothing may be sent until the person decides, or ever. */
  | { readonly type: 'hold' };

export type LineEffect =
  | { readonly type: 'look' }
  | { readonly type: 'call'; readonly attempt: AttemptId; readonly peer: Key | null }
  | { readonly type: 'answer'; readonly attempt: AttemptId }
  /** Send what was sent for this attempt once more. */
  | { readonly type: 'repeat'; readonly attempt: AttemptId }
  /** End the attempt, telling the other side where it may still wait for this one's word. */
  | { readonly type: 'drop'; readonly attempt: AttemptId; readonly tell: boolean }
  /** The session is proved: talk over it. */
  | { readonly type: 'use'; readonly attempt: AttemptId }
  /** Replaces the line's one timer. `spread`: the shell takes a random moment from half of it to all. */
  | { readonly type: 'timer'; readonly ms: number; readonly spread: boolean }
  | { readonly type: 'no_timer' };

export interface LineStep {
  readonly line: Line;
  readonly effects: readonly LineEffect[];
}

export const RESTING: Line = { state: 'resting', why: 'away', tries: 0 };

/** Two that call each other at once must agree whose offer stands: that of the smaller device id. */
export const ownOfferWins = (own: Key, peer: Key): boolean => own.device < peer.device;

const stay = (line: Line): LineStep => ({ line, effects: [] });

const look = (tries: number): LineStep => ({
  line: { state: 'looking', tries },
  effects: [{ type: 'look' }, { type: 'timer', ms: LOOK_MAX_MS, spread: false }],
});

const rest = (tries: number, firstMs: number, ...before: readonly LineEffect[]): LineStep => ({
  line: { state: 'resting', why: 'away', tries: tries + 1 },
  effects: [...before, { type: 'timer', ms: Math.min(firstMs * 1.6 ** tries, REDIAL_MAX_MS), spread: true }],
});

const answer = (attempt: AttemptId, tries: number, ...before: readonly LineEffect[]): LineStep => ({
  line: { state: 'answering', attempt, phase: 'opening', tries },
  effects: [...before, { type: 'no_timer' }, { type: 'answer', attempt }],
});

const use = (attempt: AttemptId, ...before: readonly LineEffect[]): LineStep => ({
  line: { state: 'open', attempt, rival: null },
  effects: [...before, { type: 'no_timer' }, { type: 'use', attempt }],
});

/** What the line does after a session is over. */
const after = (reason: SessionEnd, tries: number): LineStep => {
  switch (reason) {
    case 'violation':
    case 'not_proved':
      return rest(tries, DISTRUST_MS);
    case 'lost':
    case 'unreachable':
      return rest(tries, MEND_FIRST_MS);
    case 'left':
    case 'closed':
      return rest(tries, REDIAL_FIRST_MS);
    default:
      return unreachable(reason);
  }
};

/** The way of a line, as a pure function. Events of attempts that are no longer the line's own change nothing. */
export const stepLine = (line: Line, event: LineEvent): LineStep => {
  if (event.type === 'hold') return hold(line);
  switch (line.state) {
    case 'resting':
      return stepResting(line, event);
    case 'looking':
      return stepLooking(line, event);
    case 'calling':
      return stepCalling(line, event);
    case 'answering':
      return stepAnswering(line, event);
    case 'open':
      return stepOpen(line, event);
    default:
      return unreachable(line);
  }
};

const hold = (line: Line): LineStep => {
  const attempts = 'attempt' in line ? [line.attempt] : [];
  if (line.state === 'open' && line.rival) attempts.push(line.rival.attempt);
  return {
    line: { state: 'resting', why: 'held', tries: 0 },
    effects: [...attempts.map((attempt): LineEffect => ({ type: 'drop', attempt, tell: true })), { type: 'no_timer' }],
  };
};

type In<S extends Line['state']> = Extract<Line, { state: S }>;

const stepResting = (line: In<'resting'>, event: LineEvent): LineStep => {
  if (event.type === 'wanted') return look(0);
  if (event.type === 'offered') return answer(event.attempt, line.tries);
  if (event.type === 'timer' && line.why === 'away') return look(line.tries);
  return stay(line);
};

const stepLooking = (line: In<'looking'>, event: LineEvent): LineStep => {
  switch (event.type) {
    case 'found':
      return {
        line: {
          state: 'calling',
          attempt: event.attempt,
          peer: event.peer,
          phase: 'asking',
          tries: line.tries,
          asked: 1,
        },
        effects: [
          { type: 'call', attempt: event.attempt, peer: event.peer },
          { type: 'timer', ms: ASK_AGAIN_MS, spread: false },
        ],
      };
    case 'wanted':
      return look(0);
    case 'not_found':
    case 'timer':
      return rest(line.tries, REDIAL_FIRST_MS);
    case 'offered':
      return answer(event.attempt, line.tries);
    default:
      return stay(line);
  }
};

const stepCalling = (line: In<'calling'>, event: LineEvent): LineStep => {
  const { attempt, tries } = line;
  switch (event.type) {
    case 'offered':
      if (line.phase === 'asking' && event.ownWins) return { line, effects: [{ type: 'repeat', attempt }] };
      return answer(event.attempt, tries, { type: 'drop', attempt, tell: true });
    case 'wanted':
      return line.phase === 'asking' && line.peer ? { line, effects: [{ type: 'repeat', attempt }] } : stay(line);
    case 'timer':
      return line.phase === 'asking' ? askAgain(line) : stay(line);
    case 'answered':
      if (event.attempt !== attempt || line.phase !== 'asking') return stay(line);
      return { line: { ...line, phase: 'opening' }, effects: [{ type: 'no_timer' }] };
    case 'opened':
      return event.attempt === attempt ? stay({ ...line, phase: 'verifying' }) : stay(line);
    case 'secured':
      return event.attempt === attempt ? use(attempt) : stay(line);
    case 'declined':
      if (event.attempt !== attempt) return stay(line);
      return {
        line: { state: 'resting', why: 'declined', tries: 0 },
        effects: [{ type: 'no_timer' }, { type: 'drop', attempt, tell: false }],
      };
    case 'unavailable':
      if (event.attempt !== attempt || line.phase !== 'asking') return stay(line);
      return rest(tries, REDIAL_FIRST_MS, { type: 'drop', attempt, tell: false });
    case 'ended':
      return event.attempt === attempt ? after(event.reason, tries) : stay(line);
    default:
      return stay(line);
  }
};

/** A plain client asks its person again for every offer, so it gets one only. */
const askAgain = (line: In<'calling'>): LineStep => {
  if (line.asked * ASK_AGAIN_MS >= DECISION_MAX_MS) {
    return rest(line.tries, REDIAL_FIRST_MS, { type: 'drop', attempt: line.attempt, tell: true });
  }
  const timer: LineEffect = { type: 'timer', ms: ASK_AGAIN_MS, spread: false };
  return {
    line: { ...line, asked: line.asked + 1 },
    effects: line.peer ? [{ type: 'repeat', attempt: line.attempt }, timer] : [timer],
  };
};

const stepAnswering = (line: In<'answering'>, event: LineEvent): LineStep => {
  const { attempt } = line;
  switch (event.type) {
    case 'offered':
      if (event.attempt === attempt) return { line, effects: [{ type: 'repeat', attempt }] };
      return answer(event.attempt, line.tries, { type: 'drop', attempt, tell: false });
    case 'opened':
      return event.attempt === attempt ? stay({ ...line, phase: 'verifying' }) : stay(line);
    case 'secured':
      return event.attempt === attempt ? use(attempt) : stay(line);
    case 'ended':
      return event.attempt === attempt ? after(event.reason, line.tries) : stay(line);
    default:
      return stay(line);
  }
};

const stepOpen = (line: In<'open'>, event: LineEvent): LineStep => {
  const { rival } = line;
  switch (event.type) {
    case 'offered':
      if (event.attempt === line.attempt) return stay(line);
      if (event.attempt === rival?.attempt) return { line, effects: [{ type: 'repeat', attempt: rival.attempt }] };
      return {
        line: { ...line, rival: { attempt: event.attempt, phase: 'opening' } },
        effects: [
          ...(rival ? [{ type: 'drop', attempt: rival.attempt, tell: false } as const] : []),
          { type: 'answer', attempt: event.attempt },
        ],
      };
    case 'opened':
      return event.attempt === rival?.attempt ? stay({ ...line, rival: { ...rival, phase: 'verifying' } }) : stay(line);
    case 'secured':
      return event.attempt === rival?.attempt
        ? use(rival.attempt, { type: 'drop', attempt: line.attempt, tell: false })
        : stay(line);
    case 'ended':
      if (event.attempt === rival?.attempt) return stay({ ...line, rival: null });
      if (event.attempt !== line.attempt) return stay(line);
      return rival ? stay({ state: 'answering', ...rival, tries: 0 }) : after(event.reason, 0);
    default:
      return stay(line);
  }
};
