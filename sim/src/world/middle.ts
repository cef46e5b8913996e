import type { Crypto, PeerConnection, RtcHandlers } from '@earshot/client';
import type { MemoryRtc } from '@earshot/client/memory';
import { type Candidate, decodeBody, decodeFrame, type Identity, type ServerMessage } from '@earshot/protocol';
import { Impostor } from './impostor.ts';

type Offer = Extract<ServerMessage, { type: 'offer_received' }>;
type Answer = Extract<ServerMessage, { type: 'answer_received' }>;
type Side = 'caller' | 'callee';

export interface MiddleOptions {
  readonly rtc: MemoryRtc;
  readonly crypto: Crypto;
  readonly offer: Offer;
  /** Says something to the caller or the callee in the name of the other. */
  readonly tell: Readonly<Record<Side, (message: ServerMessage) => void>>;
  /** Words that were readable in the middle. */
  readonly read: (text: string) => void;
  /** An identity that a handshake has shown. */
  readonly met: (identity: Identity) => void;
  /** Of both, where they are known and are to be played to each other; otherwise what comes from one goes on to the other as it is. */
  readonly play: Readonly<Record<Side, Identity>> | null;
}

/** Sits between two that connect, with a connection to each. */
export class Middle {
  readonly #options: MiddleOptions;
  readonly #connections: Readonly<Record<Side, PeerConnection>>;
  /** What waits until the channel to that side is open. */
  readonly #waiting: Readonly<Record<Side, Uint8Array[]>> = { caller: [], callee: [] };
  readonly #impostors: Readonly<Record<Side, Impostor>> | null;
  readonly #answerSdp: Promise<string>;
  /** The caller may hear of candidates only after it has the answer. */
  readonly #early: Candidate[] = [];
  #answer: Answer | null = null;

  constructor(options: MiddleOptions) {
    this.#options = options;
    const { rtc, offer, play, crypto, tell } = options;
    const settings = { iceServers: [], relayOnly: false, channel: 'negotiated' } as const;
    this.#connections = {
      caller: rtc.open(settings, this.#handlers('caller')),
      callee: rtc.open(settings, this.#handlers('callee')),
    };
    const send = (side: Side) => (data: Uint8Array) => this.#send(side, data);
    this.#impostors = play && {
      caller: new Impostor({ crypto, role: 'answerer', as: play.callee, to: play.caller, send: send('caller') }),
      callee: new Impostor({ crypto, role: 'offerer', as: play.caller, to: play.callee, send: send('callee') }),
    };
    this.#answerSdp = this.#connections.caller.answer(offer.data);
    this.#answerSdp.catch(() => undefined);
    void this.#connections.callee.offer().then((sdp) => tell.callee({ ...offer, data: sdp }));
  }

  /** The callee has taken our offer: the caller gets our answer. */
  answered(answer: Answer): void {
    void this.#connections.callee
      .accept(answer.data)
      .then(() => this.#answerSdp)
      .then((sdp) => {
        this.#options.tell.caller({ ...answer, data: sdp });
        this.#answer = answer;
        for (const candidate of this.#early.splice(0)) this.#candidate('caller', candidate);
      })
      .catch(() => undefined);
  }

  /** A candidate of this side's. */
  candidate(of: Side, candidate: Candidate): void {
    void this.#connections[of].addCandidate(candidate);
  }

  close(): void {
    this.#connections.caller.close();
    this.#connections.callee.close();
  }

  #candidate(to: Side, candidate: Candidate): void {
    const words = to === 'caller' ? this.#answer : this.#options.offer;
    if (!words) {
      this.#early.push(candidate);
      return;
    }
    const { name, key, attempt } = words;
    this.#options.tell[to]({
      type: 'ice_candidate',
      name,
      ...(key && { key }),
      ...(attempt && { attempt }),
      data: candidate,
    });
  }

  #handlers(side: Side): RtcHandlers {
    const other: Side = side === 'caller' ? 'callee' : 'caller';
    return {
      candidate: (candidate) => this.#candidate(side, candidate),
      state: () => undefined,
      opened: () => {
        this.#impostors?.[side].opened();
        this.#flush(side);
      },
      received: (data) => {
        this.#read(data);
        if (this.#impostors) this.#impostors[side].received(data);
        else this.#send(other, data);
      },
      channelClosed: () => this.#connections[other].close(),
      drained: () => undefined,
    };
  }

  #send(to: Side, data: Uint8Array): void {
    this.#waiting[to].push(data);
    this.#flush(to);
  }

  #flush(to: Side): void {
    const waiting = this.#waiting[to];
    while (waiting[0] && this.#connections[to].send(waiting[0])) waiting.shift();
  }

  #read(data: Uint8Array): void {
    const frame = decodeFrame(data);
    if (!frame.ok) return;
    if (frame.value.type === 'hello' || frame.value.type === 'responder_proof') this.#options.met(frame.value.identity);
    if (frame.value.type !== 'entries') return;
    for (const { body } of frame.value.entries) {
      const said = decodeBody(body);
      if (said.ok && said.value.kind === 'text') this.#options.read(said.value.text);
    }
  }
}
