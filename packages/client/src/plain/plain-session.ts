import { CANDIDATES_MAX, type Candidate, CONNECT_MAX_MS, fromUtf8, type IceServer, utf8 } from '@earshot/protocol';
import type { Clock, PeerConnection, RtcPath, RtcPort, RtcState } from '../ports/index.ts';
import type { SessionEnd, SessionSignal } from '../session/types.ts';

/** Longest text that is taken from a plain client, bytes of UTF-8. Longer ones are cut off by ending the session. */
const PLAIN_TEXT_MAX_BYTES = 64 * 1024;

export interface PlainSessionOptions {
  readonly clock: Clock;
  readonly rtc: RtcPort;
  readonly iceServers: readonly IceServer[];
  readonly relayOnly: boolean;
}

/** None is called after `ended` or {@link PlainSession.close}. */
export interface PlainSessionHandlers {
  signal(signal: SessionSignal): void;
  /** This side's own channel is open: it may send. */
  opened(): void;
  received(text: string): void;
  path(path: RtcPath | null): void;
  ended(reason: SessionEnd): void;
}

/** A connection with a client of the original dialect: bare texts, nothing proved, nothing acknowledged. */
export interface PlainSession {
  handle(signal: SessionSignal): void;
  /** Whether the channel took it. Hand-off, which is all that this dialect knows. */
  send(text: string): boolean;
  /** Idempotent. */
  close(): void;
}

/** Calls. `offer` goes to `handlers.signal` soon. */
export const callPlain = (options: PlainSessionOptions, handlers: PlainSessionHandlers): PlainSession =>
  new Plain(options, handlers, (session) => session.offer());

/** Answers an offer that a person has accepted. */
export const answerPlain = (
  options: PlainSessionOptions,
  offer: string,
  handlers: PlainSessionHandlers,
): PlainSession => new Plain(options, handlers, (session) => session.answer(offer));

class Plain implements PlainSession {
  readonly #options: PlainSessionOptions;
  readonly #handlers: PlainSessionHandlers;
  readonly #connection: PeerConnection;
  /** The original client loses candidates that come before its person accepts, so a caller's wait for the answer. `null`: go at once. */
  #ownCandidates: Candidate[] | null = [];
  #theirCandidates: Candidate[] | null = [];
  #steps: Promise<void> = Promise.resolve();
  #cancelTimer: () => void = () => undefined;
  #ended = false;

  constructor(options: PlainSessionOptions, handlers: PlainSessionHandlers, begin: (session: Plain) => Promise<void>) {
    this.#options = options;
    this.#handlers = handlers;
    this.#connection = options.rtc.open(
      { iceServers: options.iceServers, relayOnly: options.relayOnly, channel: 'plain' },
      {
        candidate: (candidate) => this.#gathered(candidate),
        state: (state) => this.#stateChanged(state),
        opened: () => this.#opened(),
        received: (data) => this.#received(data),
        channelClosed: () => this.#end('left'),
        drained: () => undefined,
      },
    );
    this.#step(() => begin(this));
  }

  async offer(): Promise<void> {
    const sdp = await this.#connection.offer();
    if (!this.#ended) this.#handlers.signal({ type: 'offer', sdp });
  }

  async answer(offer: string): Promise<void> {
    this.#limit();
    const sdp = await this.#connection.answer(offer);
    if (this.#ended) return;
    this.#handlers.signal({ type: 'answer', sdp });
    await this.#described();
  }

  handle(signal: SessionSignal): void {
    if (this.#ended || signal.type === 'offer') return;
    if (signal.type === 'candidate') {
      if (this.#theirCandidates) {
        if (this.#theirCandidates.length < CANDIDATES_MAX) this.#theirCandidates.push(signal.candidate);
      } else this.#step(() => this.#connection.addCandidate(signal.candidate));
      return;
    }
    this.#step(async () => {
      if (!this.#theirCandidates) return;
      this.#limit();
      await this.#connection.accept(signal.sdp);
      await this.#described();
    });
  }

  send(text: string): boolean {
    return !this.#ended && this.#connection.send(utf8(text));
  }

  close(): void {
    this.#ended = true;
    this.#cancelTimer();
    this.#connection.close();
  }

  /** Both descriptions are set: candidates may travel both ways. */
  async #described(): Promise<void> {
    const own = this.#ownCandidates ?? [];
    const theirs = this.#theirCandidates ?? [];
    this.#ownCandidates = null;
    this.#theirCandidates = null;
    for (const candidate of own) this.#handlers.signal({ type: 'candidate', candidate });
    for (const candidate of theirs) await this.#connection.addCandidate(candidate);
  }

  #gathered(candidate: Candidate): void {
    if (this.#ownCandidates) this.#ownCandidates.push(candidate);
    else this.#handlers.signal({ type: 'candidate', candidate });
  }

  #stateChanged(state: RtcState): void {
    if (state === 'failed' || state === 'closed') this.#end('lost');
    else if (state === 'connected') void this.#tellPath();
  }

  #opened(): void {
    this.#cancelTimer();
    this.#handlers.opened();
    void this.#tellPath();
  }

  async #tellPath(): Promise<void> {
    const path = await this.#connection.path().catch(() => null);
    if (!this.#ended) this.#handlers.path(path);
  }

  #received(data: Uint8Array): void {
    const text = data.length <= PLAIN_TEXT_MAX_BYTES ? fromUtf8(data) : undefined;
    if (text === undefined) this.#end('violation');
    else if (text !== '') this.#handlers.received(text);
  }

  #limit(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(CONNECT_MAX_MS, () => this.#end('unreachable'));
  }

  /** One negotiation step at a time. */
  #step(run: () => Promise<void>): void {
    this.#steps = this.#steps.then(async () => {
      if (this.#ended) return;
      try {
        await run();
      } catch {
        this.#end('violation');
      }
    });
  }

  #end(reason: SessionEnd): void {
    if (this.#ended) return;
    this.close();
    this.#handlers.ended(reason);
  }
}
