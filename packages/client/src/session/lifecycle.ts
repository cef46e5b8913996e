import type { Candidate, Fingerprint, Identity, PeerFrame } from '@earshot/protocol';
import type { RtcFault, RtcPath, RtcState } from '../ports/index.ts';
import type { IceCandidate } from './candidate.ts';
import type { Candidates } from './candidates.ts';
import type { HandshakeFault, Proof } from './handshake.ts';
import type { Description } from './sdp.ts';
import type { SessionEnd, SessionSignal } from './types.ts';

/** Where a session stands. A field is there exactly while it means something. */
export type SessionState = Live | { readonly at: 'ended' };

/** Theirs are kept until their description is set, and counted for as long as the session lives. */
export type Live = Stage & { readonly candidates: Candidates };

export type Stage =
  /** The platform makes this side's description. Its candidates wait for it: nobody can use them before. */
  | { readonly at: 'offering'; readonly gathered: readonly Candidate[] }
  | { readonly at: 'answering'; readonly gathered: readonly Candidate[]; readonly remote: Description }
  /** The offer is out. However long the other person takes is not this session's business. */
  | { readonly at: 'asking'; readonly own: Fingerprint }
  /** Both descriptions are known; the time runs. */
  | {
      readonly at: 'connecting';
      readonly role: 'caller' | 'callee';
      readonly own: Fingerprint;
      readonly remote: Description;
    }
  /** The channel is open, the handshake is under way. */
  | { readonly at: 'proving'; readonly remote: Description }
  /** The caller alone: the callee is proved and may be sent to, but hasn't said that it takes us. */
  | { readonly at: 'proved'; readonly remote: Description; readonly path: RtcPath | null }
  | Secure;

export interface Secure {
  readonly at: 'secure';
  readonly remote: Description;
  readonly path: RtcPath | null;
  readonly roundTripMs: number | null;
  /** The last beat of ours, and when it went (`elapsed`, ms). */
  readonly beat: { readonly count: number; readonly at: number };
  /** Beats of ours since anything was heard. */
  readonly unheard: number;
}

export type SessionEvent =
  /** The platform made our description, which is set. */
  | { readonly type: 'described'; readonly sdp: string }
  /** The platform took their description. */
  | { readonly type: 'accepted' }
  | { readonly type: 'refused'; readonly fault: RtcFault }
  | { readonly type: 'gathered'; readonly candidate: Candidate }
  | { readonly type: 'signal'; readonly signal: SessionSignal }
  | { readonly type: 'state'; readonly state: RtcState }
  | { readonly type: 'opened' }
  | { readonly type: 'channel_closed' }
  | { readonly type: 'proved'; readonly proof: Proof }
  /** `at`: `elapsed`, ms. */
  | { readonly type: 'confirmed'; readonly at: number }
  | { readonly type: 'unproved'; readonly fault: HandshakeFault }
  | { readonly type: 'frame'; readonly frame: PeerFrame; readonly at: number }
  /** Bytes that are no frame, or more than may be sent. */
  | { readonly type: 'broken' }
  | { readonly type: 'timer'; readonly at: number }
  | { readonly type: 'path'; readonly path: RtcPath | null }
  | { readonly type: 'close' };

export type SessionEffect =
  | { readonly type: 'offer' }
  | { readonly type: 'answer'; readonly sdp: string }
  | { readonly type: 'accept'; readonly sdp: string }
  | { readonly type: 'add'; readonly candidate: IceCandidate; readonly mid: string }
  | { readonly type: 'signal'; readonly signal: SessionSignal }
  /** The one timer of the state that is entered; it replaces the one before. */
  | { readonly type: 'timer'; readonly ms: number }
  | {
      readonly type: 'prove';
      readonly role: 'caller' | 'callee';
      readonly own: Fingerprint;
      readonly peer: Fingerprint;
    }
  /** The handshake has read its last message: what waits behind it are frames. */
  | { readonly type: 'read_frames' }
  | { readonly type: 'send'; readonly frame: PeerFrame }
  | { readonly type: 'measure' }
  | { readonly type: 'measure_soon' }
  | { readonly type: 'tell_opened' }
  | { readonly type: 'tell_secured'; readonly peer: Identity; readonly code: readonly number[] }
  | { readonly type: 'tell_frame'; readonly frame: PeerFrame }
  | { readonly type: 'tell_path'; readonly path: RtcPath | null }
  /** The last effect of all. `closed` is this side's own wish, of which nobody needs to be told. */
  | { readonly type: 'end'; readonly reason: SessionEnd };

export interface Step {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

export const stay = (state: SessionState): Step => ({ state, effects: [] });
export const end = (reason: SessionEnd, ...before: readonly SessionEffect[]): Step => ({
  state: { at: 'ended' },
  effects: [...before, { type: 'end', reason }],
});
