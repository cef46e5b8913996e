import type { AttemptId, Candidate, IceServer, Identity, Key, PeerFrame } from '@earshot/protocol';
import type { LocalIdentity } from '../identity/types.ts';
import type { Clock, Crypto, RtcPath, RtcPort } from '../ports/index.ts';

/** What two sides tell each other through the signalling server to meet. */
export type SessionSignal =
  | { readonly type: 'offer'; readonly sdp: string }
  | { readonly type: 'answer'; readonly sdp: string }
  | { readonly type: 'candidate'; readonly candidate: Candidate };

export interface SessionOptions {
  readonly ports: { readonly clock: Clock; readonly crypto: Crypto; readonly rtc: RtcPort };
  readonly self: LocalIdentity;
  readonly attempt: AttemptId;
  readonly iceServers: readonly IceServer[];
  readonly relayOnly: boolean;
  /** Whom the server says is there. The handshake must prove this very person and device, or the session ends. */
  readonly expected: Key;
}

/** Why a session is over. */
export type SessionEnd =
  /** This side closed it. */
  | 'closed'
  /** The other side said goodbye, or its channel closed. */
  | 'left'
  /** No usable path within the time. */
  | 'unreachable'
  /** It was open, and is silent now. */
  | 'lost'
  /** The other side broke the protocol, or sent a description that this side refuses. */
  | 'violation'
  /** The handshake proved another key than expected, or nothing. Somebody may be in the middle. */
  | 'not_proved';

/** Each is called on a turn of its own, never from inside a call of this side's; none after `ended`, which comes exactly once unless this side closed. */
export interface SessionHandlers {
  signal(signal: SessionSignal): void;
  /** The channel is open, the handshake begins. */
  opened(): void;
  /**
   * The peer is proved, and `send` is open. `code`: seven numbers from 0 to 63 for two people to compare. A caller is told as
   * soon as it has the callee's proof (after H2 of the handshake): whatever it sends reaches that very device and nobody
   * else. Whether the callee takes the caller comes a round trip later: `path` isn't called before that, so show nothing as secure before it.
   */
  secured(peer: Identity, code: readonly number[]): void;
  frame(frame: PeerFrame): void;
  /** The channel has room again after `send` filled it. */
  drained(): void;
  /** Path or round trip changed; only once both have proved themselves (H4). */
  path(path: RtcPath | null): void;
  ended(reason: SessionEnd): void;
}

/** One peer connection, from the first description to its end. The caller makes the offer; the callee is made when its person has accepted, with the offer at hand. */
export interface Session {
  readonly attempt: AttemptId;
  readonly role: 'caller' | 'callee';
  /** An answer or a candidate from the other side. Candidates that come before their description are kept. Bad or doubled ones harm nothing. */
  handle(signal: SessionSignal): void;
  /** Whether the channel took the frame. `false` before `secured` and after the end. */
  send(frame: PeerFrame): boolean;
  /** Whether `send` should pause until `drained`. */
  full(): boolean;
  /** Says goodbye where it can. Idempotent; no handler is called any more. */
  close(): void;
}
