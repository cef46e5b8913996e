import {
  BEAT_EVERY_MS,
  BEAT_SILENCE_MAX_MS,
  CONNECT_MAX_MS,
  HANDSHAKE_MAX_MS,
  type PeerFrame,
  unreachable,
} from '@earshot/protocol';
import type { RtcPath, RtcState } from '../ports/index.ts';
import { arrive, NO_CANDIDATES, release } from './candidates.ts';
import type { Live, Secure, SessionEffect, SessionEvent, SessionState, Step } from './lifecycle.ts';
import { type Description, parseSdp, writeSdp } from './sdp.ts';
import type { SessionEnd, SessionSignal } from './types.ts';

const stay = (state: SessionState): Step => ({ state, effects: [] });
const end = (reason: SessionEnd, ...before: readonly SessionEffect[]): Step => ({
  state: { at: 'ended' },
  effects: [...before, { type: 'end', reason }],
});

/** Where a caller begins. */
export const beginCaller = (): Step => ({
  state: { at: 'offering', gathered: [], candidates: NO_CANDIDATES },
  effects: [{ type: 'offer' }],
});

/** Where a callee begins, with the offer that its person has accepted. */
export const beginCallee = (offerSdp: string): Step => {
  const remote = parseSdp('offer', offerSdp);
  if (!remote.ok) return end('violation');
  return {
    state: { at: 'answering', gathered: [], remote: remote.value, candidates: NO_CANDIDATES },
    effects: [{ type: 'answer', sdp: writeSdp(remote.value) }],
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

/** Whether `send` is open to whoever uses the session. */
export const maySend = (state: SessionState): boolean => state.at === 'proved' || state.at === 'secure';

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

const handshaken = (state: Live, event: Extract<SessionEvent, { type: 'proved' | 'confirmed' | 'unproved' }>): Step => {
  if (event.type === 'unproved') return end(event.fault);
  if (event.type === 'proved' && state.at === 'proving') {
    const { remote, candidates } = state;
    const { peer, code } = event.proof;
    return {
      state: { at: 'proved', remote, candidates, path: null },
      effects: [{ type: 'tell_secured', peer, code }, { type: 'measure' }],
    };
  }
  if (event.type !== 'confirmed' || state.at !== 'proved') return stay(state);
  const { remote, candidates, path } = state;
  const secure: Live = {
    at: 'secure',
    remote,
    candidates,
    path,
    roundTripMs: null,
    beat: { count: 0, at: 0 },
    unheard: 0,
  };
  const beating = beat(secure, event.at);
  return {
    state: beating.state,
    effects: [...(path ? [{ type: 'tell_path', path } as const] : []), ...beating.effects, { type: 'read_frames' }],
  };
};

type SecureLive = Extract<Live, { at: 'secure' }>;

/** Says something and sees to it that silence is noticed. */
const beat = (state: SecureLive, at: number): Step => {
  const count = state.beat.count + 1;
  return {
    state: { ...state, beat: { count, at }, unheard: state.unheard + 1 },
    effects: [
      { type: 'send', frame: { type: 'beat', count } },
      { type: 'timer', ms: BEAT_EVERY_MS },
    ],
  };
};

const timeUp = (state: Live, at: number): Step => {
  switch (state.at) {
    case 'connecting':
      return end('unreachable');
    case 'proving':
      return end('not_proved');
    case 'proved':
      return end('lost');
    case 'secure': {
      // Counted in beats, not by the clock: a machine that slept finds its peer's words still waiting to be read.
      if (state.unheard * BEAT_EVERY_MS >= BEAT_SILENCE_MAX_MS) return end('lost');
      const beating = beat(state, at);
      return { state: beating.state, effects: [...beating.effects, { type: 'measure' }] };
    }
    default:
      return stay(state);
  }
};

const framed = (before: SecureLive, frame: PeerFrame, at: number): Step => {
  const state = before.unheard === 0 ? before : { ...before, unheard: 0 };
  switch (frame.type) {
    case 'beat':
      return { state, effects: [{ type: 'send', frame: { type: 'echo', count: frame.count } }] };
    case 'echo':
      if (frame.count !== state.beat.count) return stay(state);
      return toldPath(state, { ...state, roundTripMs: Math.round(at - state.beat.at) });
    case 'bye':
      return end('left');
    default:
      return { state, effects: [{ type: 'tell_frame', frame }] };
  }
};

const measured = (state: Live, path: RtcPath | null): Step => {
  // The platform sometimes knows the pair a moment later than the channel opens.
  const again: readonly SessionEffect[] = path === null ? [{ type: 'measure_soon' }] : [];
  if (state.at === 'proved') return { state: { ...state, path }, effects: again };
  if (state.at !== 'secure') return stay(state);
  const step = toldPath(state, { ...state, path });
  return { state: step.state, effects: [...step.effects, ...again] };
};

/** Our own beats know the round trip best: they go the way that messages go. */
const shown = ({ path, roundTripMs }: Secure): RtcPath | null =>
  path && { kind: path.kind, roundTripMs: roundTripMs ?? path.roundTripMs };

const toldPath = (before: Secure, state: SecureLive): Step => {
  const [was, is] = [shown(before), shown(state)];
  const same = was?.kind === is?.kind && was?.roundTripMs === is?.roundTripMs;
  return { state, effects: same ? [] : [{ type: 'tell_path', path: is }] };
};
