import {
  type PeerConnection,
  RtcError,
  type RtcFault,
  type RtcHandlers,
  type RtcOptions,
  type RtcPath,
  type RtcPort,
} from '@earshot/client';
import { type Candidate, CHANNEL_LOW_WATER_BYTES, fromUtf8 } from '@earshot/protocol';
import { MessageOrder } from './rtc-messages.ts';
import { pathOf } from './rtc-path.ts';

/** The browser's own `RTCPeerConnection`, or something of the same shape (W3C WebRTC 1.0). */
export type PeerConnectionConstructor = new (configuration?: RTCConfiguration) => RTCPeerConnection;

/** What a negotiated channel is called. Nobody sees it: both sides know the channel by its id. */
const NEGOTIATED_LABEL = 'earshot';
/** What the original client calls its channel. */
const PLAIN_LABEL = 'localDataChannel';

/** The {@link RtcPort} over a W3C peer connection. */
export const createRtcPort = (Connection: PeerConnectionConstructor): RtcPort => ({
  open: (options, handlers) => {
    try {
      return new W3cConnection(Connection, options, handlers);
    } catch {
      // Browsers stop making connections where a page has hundreds.
      return NO_CONNECTION;
    }
  },
});

/** What is there when the platform makes none: closed from the beginning. */
const NO_CONNECTION: PeerConnection = {
  offer: () => Promise.reject(new RtcError('closed')),
  answer: () => Promise.reject(new RtcError('closed')),
  accept: () => Promise.reject(new RtcError('closed')),
  addCandidate: () => Promise.resolve(),
  send: () => false,
  buffered: () => 0,
  path: () => Promise.resolve(null),
  close: () => undefined,
};

class W3cConnection implements PeerConnection {
  readonly #connection: RTCPeerConnection;
  readonly #kind: RtcOptions['channel'];
  readonly #messages = new MessageOrder((data) => this.#handlers?.received(data));
  /** This side's channel: the only one, or the one that it sends on. */
  #channel: RTCDataChannel | null = null;
  /** `null` once it is closed: everything that the platform still says goes nowhere. */
  #handlers: RtcHandlers | null;
  #channelGone = false;

  constructor(Connection: PeerConnectionConstructor, options: RtcOptions, handlers: RtcHandlers) {
    this.#handlers = handlers;
    this.#kind = options.channel;
    this.#connection = connect(Connection, options);
    this.#connection.addEventListener('icecandidate', ({ candidate }) => {
      // An empty candidate says that there are no more, which nobody needs to know.
      if (candidate?.candidate) this.#handlers?.candidate(signalled(candidate));
    });
    this.#connection.addEventListener('connectionstatechange', () => {
      this.#handlers?.state(this.#connection.connectionState);
    });
    this.#connection.addEventListener('datachannel', ({ channel }) => this.#offered(channel));
  }

  async offer(): Promise<string> {
    return this.#run('refused', async () => {
      this.#createChannel();
      return this.#describe(await this.#connection.createOffer());
    });
  }

  async answer(offerSdp: string): Promise<string> {
    return this.#run('refused', async () => {
      await this.#connection.setRemoteDescription({ type: 'offer', sdp: offerSdp });
      this.#createChannel();
      return this.#describe(await this.#connection.createAnswer());
    });
  }

  async accept(answerSdp: string): Promise<void> {
    return this.#run('refused', async () => {
      // Not every platform minds a second answer.
      if (this.#connection.signalingState !== 'have-local-offer') throw new RtcError('refused');
      await this.#connection.setRemoteDescription({ type: 'answer', sdp: answerSdp });
    });
  }

  async addCandidate({ sdpCandidate, sdpMid, sdpMLineIndex }: Candidate): Promise<void> {
    if (this.#handlers === null || sdpCandidate === '') return;
    const place = { sdpMid: sdpMid ?? null, sdpMLineIndex: sdpMLineIndex ?? (sdpMid ? null : 0) };
    try {
      await this.#connection.addIceCandidate({ candidate: sdpCandidate, ...place });
    } catch {
      // It was no candidate of this connection: dropped, as the port says.
    }
  }

  send(data: Uint8Array): boolean {
    const channel = this.#channel;
    if (this.#handlers === null || channel?.readyState !== 'open') return false;
    try {
      if (this.#kind === 'plain') channel.send(fromUtf8(data) ?? '');
      else channel.send(new Uint8Array(data));
      return true;
    } catch {
      // The platform's buffer is full, or it closed just now.
      return false;
    }
  }

  buffered(): number {
    return this.#handlers === null ? 0 : (this.#channel?.bufferedAmount ?? 0);
  }

  async path(): Promise<RtcPath | null> {
    if (this.#handlers === null) return null;
    const stats = await this.#connection.getStats();
    return this.#handlers === null ? null : pathOf(stats);
  }

  close(): void {
    if (this.#handlers === null) return;
    this.#handlers = null;
    this.#connection.close();
  }

  /** What goes wrong is the description's fault, unless the connection is closed. */
  async #run<T>(fault: RtcFault, step: () => Promise<T>): Promise<T> {
    if (this.#handlers === null) throw new RtcError('closed');
    try {
      const value = await step();
      // Some platforms carry on after close() as if nothing were.
      if (this.#handlers === null) throw new RtcError('closed');
      return value;
    } catch (cause) {
      throw new RtcError(this.#handlers === null ? 'closed' : fault, { cause });
    }
  }

  async #describe(description: RTCSessionDescriptionInit): Promise<string> {
    await this.#connection.setLocalDescription(description);
    return this.#connection.localDescription?.sdp ?? description.sdp ?? '';
  }

  #createChannel(): void {
    const plain = this.#kind === 'plain';
    const channel = plain
      ? this.#connection.createDataChannel(PLAIN_LABEL)
      : this.#connection.createDataChannel(NEGOTIATED_LABEL, { negotiated: true, id: 0 });
    this.#channel = channel;
    channel.bufferedAmountLowThreshold = CHANNEL_LOW_WATER_BYTES;
    channel.addEventListener('open', () => this.#handlers?.opened(), { once: true });
    channel.addEventListener('bufferedamountlow', () => this.#handlers?.drained());
    this.#listen(channel);
  }

  /** A channel that the other side opened. */
  #offered(channel: RTCDataChannel): void {
    if (this.#handlers !== null && this.#kind === 'plain') this.#listen(channel);
    else channel.close();
  }

  #listen(channel: RTCDataChannel): void {
    channel.binaryType = 'arraybuffer';
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => this.#messages.push(data));
    channel.addEventListener('close', () => {
      if (this.#channelGone) return;
      this.#channelGone = true;
      this.#handlers?.channelClosed();
    });
  }
}

/** A server's list may hold what this platform can't use; then it is none, and the attempt goes on without. */
const connect = (Connection: PeerConnectionConstructor, { iceServers, relayOnly }: RtcOptions): RTCPeerConnection => {
  const iceTransportPolicy = relayOnly ? 'relay' : 'all';
  const servers = iceServers.map(({ urls, username, credential }) => ({
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }));
  try {
    return new Connection({ iceServers: servers, iceTransportPolicy });
  } catch {
    return new Connection({ iceServers: [], iceTransportPolicy });
  }
};

const signalled = ({ candidate, sdpMid, sdpMLineIndex }: RTCIceCandidate): Candidate => ({
  // Some platforms give the whole line of SDP.
  sdpCandidate: candidate.replace(/^a=/, ''),
  sdpMid,
  sdpMLineIndex: sdpMLineIndex ?? 0,
});
