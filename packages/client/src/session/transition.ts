import { CONNECT_MAX_MS, HANDSHAKE_MAX_MS, unreachable } from '@earshot/protocol';
import type { RtcState } from '../ports/index.ts';
import { arrive, NO_CANDIDATES, release } from './candidates.ts';
import {
  end,
  type Live,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  type Step,
  stay,
} from './lifecycle.ts';
import { type Description, parseSdp, writeSdp } from './sdp.ts';
import { beatDue, framed, handshaken, maySend, measured } from './secure.ts';
import type { SessionSignal } from './types.ts';

/** A platform that never answers mustn't keep a session for ever. */
const DESCRIBING: SessionEffect = { type: 'timer', ms: CONNECT_MAX_MS };

/** Where a caller begins. */
export const beginCaller = (): Step => ({
  state: { at: 'offering', gathered: [], candidates: NO_CANDIDATES },
  effects: [{ type: 'offer' }, DESCRIBING],
});

/** Where a callee begins, with the offer that its person has accepted. */
export const beginCallee = (offerSdp: string): Step => {
  const remote = parseSdp('offer', offerSdp);
  if (!remote.ok) return end('violation');
  return {
    state: { at: 'answering', gathered: [], remote: remote.value, candidates: NO_CANDIDATES },
    effects: [{ type: 'answer', sdp: writeSdp(remote.value) }, DESCRIBING],
  };
};

/** All that a session does: pure, so that every case can be listed. What doesn't belong to a state changes nothing in it. */
export const transition = (state: SessionState, event: SessionEvent): Step => {
  if (state.at === 'ended') return stay(state);
  switch (event.type) {
    case 'described':
      return described(state, event.sdp);
    case 'accepted':
      return releaseCandidates(state);
    case 'refused':
      // Our own offer is nobody's violation.
      return end(event.fault === 'closed' || state.at === 'offering' ? 'unreachable' : 'violation');
    case 'gathered':
      if (!('gathered' in state))
        return { state, effects: [{ type: 'signal', signal: { type: 'candidate', candidate: event.candidate } }] };
      return stay({ ...state, gathered: [...state.gathered, event.candidate] });
    case 'signal':
      return signalled(state, event.signal);
    case 'state':
      return rtcState(state, event.state);
    case 'opened':
      return opened(state);
    case 'channel_closed':
      return end(isOpen(state) ? 'left' : 'unreachable');
    case 'proved':
    case 'confirmed':
    case 'unproved':
      return handshaken(state, event);
    case 'frame':
      return state.at === 'secure' ? framed(state, event.frame, event.at) : end('violation');
    case 'broken':
      return end('violation');
    case 'timer':
      return timeUp(state, event.at);
    case 'path':
      return measured(state, event.path);
    case 'close':
      return end('closed', ...(maySend(state) ? [{ type: 'send', frame: { type: 'bye' } } as const] : []));
    default:
      return unreachable(event);
  }
};

const isOpen = (state: Live): boolean => state.at === 'proving' || state.at === 'proved' || state.at === 'secure';

const remoteOf = (state: Live): Description | null => ('remote' in state ? state.remote : null);

const described = (state: Live, sdp: string): Step => {
  if (state.at !== 'offering' && state.at !== 'answering') return stay(state);
  const { candidates } = state;
  const signals = state.gathered.map(
    (candidate) => ({ type: 'signal', signal: { type: 'candidate', candidate } }) as const,
  );
  const parsed = parseSdp(state.at === 'offering' ? 'offer' : 'answer', sdp);
  // A description of this platform's own that we can't read: there is no way to connect from here.
  if (!parsed.ok) return end('unreachable');
  const own = parsed.value.fingerprint;
  if (state.at === 'offering') {
    return {
      state: { at: 'asking', own, candidates },
      effects: [{ type: 'signal', signal: { type: 'offer', sdp } }, ...signals],
    };
  }
  const step = releaseCandidates({ at: 'connecting', role: 'callee', own, remote: state.remote, candidates });
  return {
    state: step.state,
    effects: [
      { type: 'signal', signal: { type: 'answer', sdp } },
      ...signals,
      { type: 'timer', ms: CONNECT_MAX_MS },
      ...step.effects,
    ],
  };
};

const signalled = (state: Live, signal: SessionSignal): Step => {
  switch (signal.type) {
    // A callee is made with its offer; a second one is another session's business.
    case 'offer':
      return stay(state);
    case 'answer': {
      if (state.at !== 'asking') return stay(state);
      const remote = parseSdp('answer', signal.sdp);
      if (!remote.ok) return end('violation');
      const { own, candidates } = state;
      return {
        state: { at: 'connecting', role: 'caller', own, remote: remote.value, candidates },
        effects: [
          { type: 'accept', sdp: writeSdp(remote.value) },
          { type: 'timer', ms: CONNECT_MAX_MS },
        ],
      };
    }
    case 'candidate': {
      const { candidates, usable } = arrive(state.candidates, signal.candidate, remoteOf(state));
      return { state: { ...state, candidates }, effects: additions(usable, remoteOf(state)) };
    }
    default:
      return unreachable(signal);
  }
};

const releaseCandidates = (state: Live): Step => {
  const remote = remoteOf(state);
  if (remote === null || state.candidates.held === null) return stay(state);
  const { candidates, usable } = release(state.candidates, remote);
  return { state: { ...state, candidates }, effects: additions(usable, remote) };
};

const additions = (usable: ReturnType<typeof release>['usable'], remote: Description | null): SessionEffect[] =>
  usable.map((candidate) => ({ type: 'add', candidate, mid: remote?.mid ?? '' }));

const rtcState = (state: Live, rtc: RtcState): Step => {
  if (rtc === 'failed') return end(isOpen(state) ? 'lost' : 'unreachable');
  // Some platforms say it of a connection that the other side closed.
  if (rtc === 'closed') return end(isOpen(state) ? 'left' : 'unreachable');
  // `disconnected` may heal by itself, and the path may be another afterwards.
  return maySend(state) ? { state, effects: [{ type: 'measure' }] } : stay(state);
};

const opened = (state: Live): Step => {
  if (state.at !== 'connecting') return stay(state);
  const { role, own, remote, candidates } = state;
  return {
    state: { at: 'proving', remote, candidates },
    effects: [
      { type: 'tell_opened' },
      { type: 'timer', ms: HANDSHAKE_MAX_MS },
      { type: 'prove', role, own, peer: remote.fingerprint },
    ],
  };
};

const timeUp = (state: Live, at: number): Step => {
  switch (state.at) {
    case 'offering':
    case 'answering':
    case 'connecting':
      return end('unreachable');
    case 'proving':
      return end('not_proved');
    case 'proved':
      return end('lost');
    case 'secure':
      return beatDue(state, at);
    default:
      return stay(state);
  }
};
