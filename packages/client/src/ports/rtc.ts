import type { Candidate, IceServer } from '@earshot/protocol';

/** WebRTC as the engine needs it: a peer connection whose only content is one data channel, or, for plain peers, a pair. */
export interface RtcPort {
  open(options: RtcOptions, handlers: RtcHandlers): PeerConnection;
}

export interface RtcOptions {
  readonly iceServers: readonly IceServer[];
  /** Hide this device's addresses: talk through a relay only. */
  readonly relayOnly: boolean;
  /**
   * `negotiated`: one channel that both sides know beforehand (id 0, ordered, reliable), binary.
   * `plain`: the original dialect. This side opens its own in-band channel and only sends on it; it receives on the one
   * that the other side opens. Text frames; a binary one is taken as UTF-8. `opened` comes when its own is open.
   */
  readonly channel: 'negotiated' | 'plain';
}

/** `disconnected` may heal by itself; `failed` and `closed` are final. */
export type RtcState = 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

export interface RtcHandlers {
  /** A candidate of this side's to signal. Never after `close()`. */
  candidate(candidate: Candidate): void;
  state(state: RtcState): void;
  opened(): void;
  received(data: Uint8Array): void;
  /** The channel is gone, by the other side's doing or for good. */
  channelClosed(): void;
  /** The channel's buffer fell to the low-water mark again. */
  drained(): void;
}

/** What went wrong with a description: the other side's fault (`refused`) or the end of this connection (`closed`). */
export type RtcFault = 'refused' | 'closed';

export interface PeerConnection {
  /** Makes an offer and sets it as the local description. Rejects with {@link RtcError}. */
  offer(): Promise<string>;
  /** Sets the other side's offer, answers it, sets the answer. Rejects with {@link RtcError}. */
  answer(offerSdp: string): Promise<string>;
  /** Sets the other side's answer. Rejects with {@link RtcError}. */
  accept(answerSdp: string): Promise<void>;
  /** A candidate that doesn't parse or fits no description is dropped in silence: it can do no more harm than that. */
  addCandidate(candidate: Candidate): Promise<void>;
  /** Whether the channel took it; `false` once it isn't open. Hand-off, not delivery. */
  send(data: Uint8Array): boolean;
  /** Bytes that wait in the channel. */
  buffered(): number;
  /** The path in use; `null` while there is none. Round trip in ms, where the platform knows it. */
  path(): Promise<RtcPath | null>;
  /** Idempotent, final, and silences every handler. */
  close(): void;
}

export interface RtcPath {
  readonly kind: 'direct' | 'relayed';
  readonly roundTripMs: number | null;
}

export class RtcError extends Error {
  readonly fault: RtcFault;
  constructor(fault: RtcFault, options?: ErrorOptions) {
    super(`The peer connection ${fault === 'closed' ? 'is closed' : 'refused the description'}`, options);
    this.name = 'RtcError';
    this.fault = fault;
  }
}
