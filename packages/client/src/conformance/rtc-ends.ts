import type { Candidate } from '@earshot/protocol';
import type { PeerConnection, RtcHandlers, RtcOptions, RtcPort, RtcState } from '../ports/index.ts';
import { parseSdp, writeSdp } from '../session/sdp.ts';

/** Two places that can reach each other. */
export interface RtcPair {
  readonly a: RtcPort;
  readonly b: RtcPort;
  /** Lets about `ms` pass. */
  pass(ms: number): Promise<void>;
}

/** One thing that every adapter of a port must do. `run` throws where it doesn't. It closes what it has opened. */
export interface RtcCheck {
  readonly name: string;
  run(pair: RtcPair): Promise<void>;
}

/** Long enough for a slow machine, ms. */
const PATIENCE_MS = 8_000;
const LOOK_EVERY_MS = 20;

/** Lets time pass until `condition` holds. */
export const until = async ({ pass }: RtcPair, condition: () => boolean, what: string): Promise<void> => {
  for (let waited = 0; !condition(); waited += LOOK_EVERY_MS) {
    if (waited > PATIENCE_MS) throw new Error(`never ${what}`);
    await pass(LOOK_EVERY_MS);
  }
};

/** A connection and all that it said. */
export class End implements RtcHandlers {
  readonly connection: PeerConnection;
  readonly candidates: Candidate[] = [];
  readonly states: RtcState[] = [];
  readonly messages: Uint8Array[] = [];
  /** Everything in its order, for what must come before what. */
  readonly log: string[] = [];
  onMessage: (data: Uint8Array) => void = () => undefined;
  onCandidate: (candidate: Candidate) => void = (candidate) => this.candidates.push(candidate);

  constructor(port: RtcPort, options: Partial<RtcOptions> = {}) {
    this.connection = port.open({ iceServers: [], relayOnly: false, channel: 'negotiated', ...options }, this);
  }

  get open(): boolean {
    return this.log.includes('opened');
  }

  get gone(): boolean {
    const state = this.states.at(-1);
    return this.log.includes('channelClosed') || state === 'closed' || state === 'failed' || state === 'disconnected';
  }

  candidate = (candidate: Candidate): void => {
    this.log.push('candidate');
    this.onCandidate(candidate);
  };
  state = (state: RtcState): void => {
    this.log.push(state);
    this.states.push(state);
  };
  opened = (): void => {
    this.log.push('opened');
  };
  received = (data: Uint8Array): void => {
    this.log.push('received');
    this.messages.push(data);
    this.onMessage(data);
  };
  channelClosed = (): void => {
    this.log.push('channelClosed');
  };
  drained = (): void => {
    this.log.push('drained');
  };
}

/** The description as the other side's session hands it to its platform. */
export const anew = (kind: 'offer' | 'answer', sdp: string): string => {
  const parsed = parseSdp(kind, sdp);
  if (!parsed.ok) throw new Error(`the platform's own ${kind} is ${parsed.error}:\n${sdp}`);
  // Candidates go by themselves, so that it shows whether trickling works.
  return writeSdp({ ...parsed.value, candidates: [] });
};

/** From here on each side's candidates go to the other as they come. */
export const trickle = (from: End, to: End): void => {
  const pass = (candidate: Candidate): void => void to.connection.addCandidate(candidate);
  from.onCandidate = pass;
  for (const candidate of from.candidates.splice(0)) pass(candidate);
};

/** Offer, answer, candidates: two ends that will open. `change` alters descriptions on their way. */
export const join = async (a: End, b: End, change: (sdp: string) => string = (sdp) => sdp): Promise<void> => {
  const offer = anew('offer', await a.connection.offer());
  const answer = anew('answer', await b.connection.answer(change(offer)));
  trickle(a, b);
  await a.connection.accept(change(answer));
  trickle(b, a);
};

/** Two ends that are open. */
export const opened = async (pair: RtcPair, options: Partial<RtcOptions> = {}): Promise<readonly [End, End]> => {
  const [a, b] = [new End(pair.a, options), new End(pair.b, options)];
  await join(a, b);
  await until(pair, () => a.open && b.open, 'open on both sides');
  return [a, b];
};

export const expect = (condition: boolean, what: string): void => {
  if (!condition) throw new Error(what);
};

export const closing = async (ends: readonly End[]): Promise<void> => {
  for (const end of ends) end.connection.close();
};
