import {
  assert,
  CHANNEL_HIGH_WATER_BYTES,
  decodeFrame,
  encodeFrame,
  type Fingerprint,
  type HandshakeFrame,
  isHandshakeFrame,
  PEER_FRAME_MAX_BYTES,
  type PeerFrame,
  unreachable,
} from '@earshot/protocol';
import { type PeerConnection, RtcError } from '../ports/index.ts';
import { writeCandidate } from './candidate.ts';
import { confirmed, type HandshakeLink, initiate, respond } from './handshake.ts';
import { Inbox } from './inbox.ts';
import type { SessionEffect, SessionEvent, SessionState, Step } from './lifecycle.ts';
import { maySend } from './secure.ts';
import { beginCallee, beginCaller, transition } from './transition.ts';
import type { Session, SessionHandlers, SessionOptions, SessionSignal } from './types.ts';

/** How soon a path is asked for again that the platform didn't know yet, ms. */
const MEASURE_AGAIN_MS = 500;

/** Calls: the offer comes through `handlers.signal`. */
export const openCallerSession = (options: SessionOptions, handlers: SessionHandlers): Session =>
  new RunningSession('caller', options, handlers, beginCaller());

/** Answers an offer that this side's person has accepted. */
export const openCalleeSession = (options: SessionOptions, offerSdp: string, handlers: SessionHandlers): Session =>
  new RunningSession('callee', options, handlers, beginCallee(offerSdp));

/** The shell around {@link transition}: owns the connection and the timers, runs the effects, decides nothing. */
class RunningSession implements Session {
  readonly role: 'caller' | 'callee';
  readonly #options: SessionOptions;
  readonly #handlers: SessionHandlers;
  readonly #connection: PeerConnection;
  readonly #inbox = new Inbox();
  readonly #timers = new Map<'state' | 'measure', () => void>();
  #state: SessionState;
  /** Whether the messages that come are frames, and no longer the handshake's. */
  #reading = false;
  #over = false;
  #events: SessionEvent[] = [];
  /** One call to the connection at a time, in their order. */
  #steps: Promise<void> = Promise.resolve();

  constructor(role: 'caller' | 'callee', options: SessionOptions, handlers: SessionHandlers, begin: Step) {
    this.role = role;
    this.#options = options;
    this.#handlers = handlers;
    this.#state = begin.state;
    this.#connection = options.ports.rtc.open(
      { iceServers: options.iceServers, relayOnly: options.relayOnly, channel: 'negotiated' },
      {
        candidate: (candidate) => this.#post({ type: 'gathered', candidate }),
        state: (state) => this.#post({ type: 'state', state }),
        opened: () => this.#post({ type: 'opened' }),
        received: (data) => this.#received(data),
        channelClosed: () => this.#post({ type: 'channel_closed' }),
        drained: () => queueMicrotask(() => maySend(this.#state) && this.#handlers.drained()),
      },
    );
    queueMicrotask(() => this.#follow(begin));
  }

  get attempt(): SessionOptions['attempt'] {
    return this.#options.attempt;
  }

  handle(signal: SessionSignal): void {
    this.#post({ type: 'signal', signal });
  }

  send(frame: PeerFrame): boolean {
    return maySend(this.#state) && this.#write(frame);
  }

  full(): boolean {
    return this.#connection.buffered() >= CHANNEL_HIGH_WATER_BYTES;
  }

  close(): void {
    this.#follow(transition(this.#state, { type: 'close' }));
    // Where it ended before its first turn, nobody is to hear of that any more.
    if (!this.#over) this.#end();
  }

  /** Events wait for a turn of their own: nothing that this side calls ever calls it back. */
  #post(event: SessionEvent): void {
    if (this.#over) return;
    if (this.#events.push(event) === 1) queueMicrotask(() => this.#drain());
  }

  #drain(): void {
    const events = this.#events;
    this.#events = [];
    for (const [i, event] of events.entries()) {
      try {
        this.#follow(transition(this.#state, event));
      } catch (error) {
        // A handler's mistake mustn't cost the events behind it.
        this.#events = [...events.slice(i + 1), ...this.#events];
        if (this.#events.length > 0) queueMicrotask(() => this.#drain());
        throw error;
      }
    }
  }

  #follow({ state, effects }: Step): void {
    if (this.#over) return;
    this.#state = state;
    for (const effect of effects) if (!this.#over) this.#run(effect);
  }

  #run(effect: SessionEffect): void {
    const { clock } = this.#options.ports;
    switch (effect.type) {
      case 'offer':
        return this.#step(async () => this.#post({ type: 'described', sdp: await this.#connection.offer() }));
      case 'answer':
        return this.#step(async () =>
          this.#post({ type: 'described', sdp: await this.#connection.answer(effect.sdp) }),
        );
      case 'accept':
        return this.#step(async () => {
          await this.#connection.accept(effect.sdp);
          this.#post({ type: 'accepted' });
        });
      case 'add': {
        const sdpCandidate = writeCandidate(effect.candidate);
        return this.#step(() => this.#connection.addCandidate({ sdpCandidate, sdpMid: effect.mid, sdpMLineIndex: 0 }));
      }
      case 'signal':
        return this.#handlers.signal(effect.signal);
      case 'timer':
        return this.#timer('state', effect.ms, () => this.#post({ type: 'timer', at: clock.elapsed() }));
      case 'prove':
        void this.#prove(effect.role, effect.own, effect.peer);
        return;
      case 'read_frames':
        this.#reading = true;
        for (const message of this.#inbox.rest()) this.#read(message);
        return;
      case 'send':
        // Who floods us with beats gets no answer rather than our memory.
        if (!this.full()) this.#write(effect.frame);
        return;
      case 'measure':
        void this.#measure();
        return;
      case 'measure_soon':
        return this.#timer('measure', MEASURE_AGAIN_MS, () => void this.#measure());
      case 'tell_opened':
        return this.#handlers.opened();
      case 'tell_secured':
        return this.#handlers.secured(effect.peer, effect.code);
      case 'tell_frame':
        return this.#handlers.frame(effect.frame);
      case 'tell_path':
        return this.#handlers.path(effect.path);
      case 'end':
        this.#end();
        if (effect.reason !== 'closed') this.#handlers.ended(effect.reason);
        return;
      default:
        return unreachable(effect);
    }
  }

  #end(): void {
    this.#over = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#inbox.close();
    this.#connection.close();
  }

  #step(run: () => Promise<void>): void {
    this.#steps = this.#steps.then(async () => {
      if (this.#over) return;
      try {
        await run();
      } catch (error) {
        this.#post({ type: 'refused', fault: error instanceof RtcError ? error.fault : 'closed' });
      }
    });
  }

  #timer(name: 'state' | 'measure', ms: number, act: () => void): void {
    this.#timers.get(name)?.();
    this.#timers.set(name, this.#options.ports.clock.after(ms, act));
  }

  async #prove(role: 'caller' | 'callee', ownFingerprint: Fingerprint, peerFingerprint: Fingerprint): Promise<void> {
    const { self, expected, ports } = this.#options;
    const options = { crypto: ports.crypto, self, expected, ownFingerprint, peerFingerprint };
    const link: HandshakeLink = {
      send: (frame) => {
        if (!this.#over) this.#write(frame);
      },
      receive: async () => {
        const message = await this.#inbox.next();
        const frame = message && decodeFrame(message);
        return frame?.ok && isHandshakeFrame(frame.value) ? frame.value : undefined;
      },
    };
    const proof = await (role === 'caller' ? initiate(link, options) : respond(link, options));
    if (!proof.ok) return this.#post({ type: 'unproved', fault: proof.error });
    this.#post({ type: 'proved', proof: proof.value });
    const last = role === 'caller' ? await confirmed(link) : ({ ok: true } as const);
    if (last.ok) this.#post({ type: 'confirmed', at: ports.clock.elapsed() });
    else this.#post({ type: 'unproved', fault: last.error });
  }

  async #measure(): Promise<void> {
    const path = await this.#connection.path().catch(() => null);
    this.#post({ type: 'path', path });
  }

  #received(message: Uint8Array): void {
    if (this.#over) return;
    if (this.#reading) this.#read(message);
    else if (!this.#inbox.push(message)) this.#post({ type: 'broken' });
  }

  #read(message: Uint8Array): void {
    const frame = message.length <= PEER_FRAME_MAX_BYTES ? decodeFrame(message) : undefined;
    if (!frame?.ok || isHandshakeFrame(frame.value)) this.#post({ type: 'broken' });
    else this.#post({ type: 'frame', frame: frame.value, at: this.#options.ports.clock.elapsed() });
  }

  #write(frame: PeerFrame | HandshakeFrame): boolean {
    const bytes = encodeFrame(frame);
    assert(bytes.length <= PEER_FRAME_MAX_BYTES, 'a frame larger than a peer takes');
    return this.#connection.send(bytes);
  }
}
