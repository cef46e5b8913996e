import { BEAT_EVERY_MS, BEAT_SILENCE_MAX_MS, type PeerFrame } from '@earshot/protocol';
import type { RtcPath } from '../ports/index.ts';
import {
  end,
  type Live,
  type Secure,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  type Step,
  stay,
} from './lifecycle.ts';

/** Whether `send` is open to whoever uses the session. */
export const maySend = (state: SessionState): boolean => state.at === 'proved' || state.at === 'secure';

/** What the handshake says of itself. */
export const handshaken = (
  state: Live,
  event: Extract<SessionEvent, { type: 'proved' | 'confirmed' | 'unproved' }>,
): Step => {
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
  const secure: SecureLive = {
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
    effects: [...toldPath(null, secure).effects, ...beating.effects, { type: 'read_frames' }],
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

/** It is time to say something, or to notice that nothing was heard. */
export const beatDue = (state: SecureLive, at: number): Step => {
  // Counted in beats, not by the clock: a machine that slept finds its peer's words still waiting to be read.
  if (state.unheard * BEAT_EVERY_MS >= BEAT_SILENCE_MAX_MS) return end('lost');
  const beating = beat(state, at);
  return { state: beating.state, effects: [...beating.effects, { type: 'measure' }] };
};

/** Something was heard. */
export const framed = (before: SecureLive, frame: PeerFrame, at: number): Step => {
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

/** What the platform says of the path. */
export const measured = (state: Live, path: RtcPath | null): Step => {
  // The platform sometimes knows the pair a moment later than the channel opens.
  const again: readonly SessionEffect[] = path === null ? [{ type: 'measure_soon' }] : [];
  if (state.at === 'proved') return { state: { ...state, path }, effects: again };
  if (state.at !== 'secure') return stay(state);
  const step = toldPath(state, { ...state, path });
  return { state: step.state, effects: [...step.effects, ...again] };
};

/** The round trip is that of our own beats, which go the way that messages go; platforms' figures come late and in different units. */
const shown = ({ path, roundTripMs }: Secure): RtcPath | null => path && { kind: path.kind, roundTripMs };

const toldPath = (before: Secure | null, state: SecureLive): Step => {
  const [was, is] = [before && shown(before), shown(state)];
  const same = was?.kind === is?.kind && was?.roundTripMs === is?.roundTripMs;
  return { state, effects: same ? [] : [{ type: 'tell_path', path: is }] };
};
