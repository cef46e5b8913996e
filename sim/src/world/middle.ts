import type { PeerConnection, RtcHandlers } from '@earshot/client';
import type { MemoryRtc } from '@earshot/client/memory';
import { type Candidate, decodeBody, decodeFrame, type ServerMessage } from '@earshot/protocol';

type Offer = Extract<ServerMessage, { type: 'offer_received' }>;
type Answer = Extract<ServerMessage, { type: 'answer_received' }>;

export interface MiddleOptions {
  readonly rtc: MemoryRtc;
  readonly offer: Offer;
  /** Says something to the caller or the callee in the name of the other. */
  readonly toCaller: (message: ServerMessage) => void;
  readonly toCallee: (message: ServerMessage) => void;
  /** Words that were readable in the middle. */
  readonly read: (text: string) => void;
}

/** Sits between two that connect: a connection to each, and whatever comes from one goes on to the other, as it is. */
export class Middle {
  readonly #options: MiddleOptions;
  readonly #caller: PeerConnection;
  readonly #callee: PeerConnection;
  readonly #forCallee: Uint8Array[] = [];
  readonly #forCaller: Uint8Array[] = [];
  /** Candidates that the caller may hear of only after it has the answer. */
  #early: Candidate[] | null = [];
  readonly #answerSdp: Promise<string>;

  constructor(options: MiddleOptions) {
    this.#options = options;
    const { rtc, offer } = options;
    const settings = { iceServers: [], relayOnly: false, channel: 'negotiated' } as const;
    this.#caller = rtc.open(
      settings,
      this.#handlers(
        (candidate) => this.#toCaller(candidate),
        this.#forCallee,
        () => this.#callee,
      ),
    );
    this.#callee = rtc.open(
      settings,
      this.#handlers(
        (data) => options.toCallee({ ...this.#from(offer), type: 'ice_candidate', data }),
        this.#forCaller,
        () => this.#caller,
      ),
    );
    this.#answerSdp = this.#caller.answer(offer.data);
    this.#answerSdp.catch(() => undefined);
    void this.#callee.offer().then((sdp) => options.toCallee({ ...offer, data: sdp }));
  }

  /** The callee has taken our offer: the caller gets our answer. */
  answered(answer: Answer): void {
    void this.#callee
      .accept(answer.data)
      .then(() => this.#answerSdp)
      .then((sdp) => {
        this.#options.toCaller({ ...answer, data: sdp });
        this.#answer = answer;
        const early = this.#early ?? [];
        this.#early = null;
        for (const candidate of early) this.#toCaller(candidate);
      })
      .catch(() => undefined);
  }

  #answer: Answer | null = null;

  candidate(from: 'caller' | 'callee', candidate: Candidate): void {
    void (from === 'caller' ? this.#caller : this.#callee).addCandidate(candidate);
  }

  close(): void {
    this.#caller.close();
    this.#callee.close();
  }

  #toCaller(candidate: Candidate): void {
    if (this.#early) this.#early.push(candidate);
    else if (this.#answer) {
      this.#options.toCaller({ ...this.#from(this.#answer), type: 'ice_candidate', data: candidate });
    }
  }

  #from({ name, key, attempt }: Offer | Answer): Pick<Offer, 'name' | 'key' | 'attempt'> {
    return { name, ...(key && { key }), ...(attempt && { attempt }) };
  }

  #handlers(candidate: RtcHandlers['candidate'], waiting: Uint8Array[], other: () => PeerConnection): RtcHandlers {
    const flush = (): void => {
      while (waiting[0] && other().send(waiting[0])) waiting.shift();
    };
    return {
      candidate,
      state: () => undefined,
      opened: () =>
        waiting === this.#forCallee
          ? this.#flush(this.#forCaller, this.#caller)
          : this.#flush(this.#forCallee, this.#callee),
      received: (data) => {
        this.#read(data);
        waiting.push(data);
        flush();
      },
      channelClosed: () => other().close(),
      drained: () => undefined,
    };
  }

  #flush(waiting: Uint8Array[], to: PeerConnection): void {
    while (waiting[0] && to.send(waiting[0])) waiting.shift();
  }

  #read(data: Uint8Array): void {
    const frame = decodeFrame(data);
    if (!frame.ok || frame.value.type !== 'entries') return;
    for (const { body } of frame.value.entries) {
      const said = decodeBody(body);
      if (said.ok && said.value.kind === 'text') this.#options.read(said.value.text);
    }
  }
}
