import { NodePeerConnection } from '../node-rtc.ts';
import type { CandidateData } from './signalling.ts';

export interface CallHandlers {
  candidate(candidate: CandidateData): void;
  received(text: string): void;
}

/** The original client's media plane. It restarts nothing and says no goodbye. */
export class PlainCall {
  readonly #connection: RTCPeerConnection;
  readonly #own: RTCDataChannel;
  /** Its own channel is open: from here on it can be heard. */
  readonly opened: Promise<void>;

  constructor(handlers: CallHandlers) {
    this.#connection = new NodePeerConnection({ iceServers: [] });
    this.#connection.addEventListener('icecandidate', ({ candidate }) => {
      if (!candidate || candidate.candidate === '') return;
      const { sdpMLineIndex, sdpMid } = candidate;
      // At once, whether or not the other side can have the description yet.
      handlers.candidate({
        sdpMLineIndex: sdpMLineIndex ?? 0,
        sdpMid: sdpMid ?? '0',
        sdpCandidate: candidate.candidate,
      });
    });
    // It hears what comes on the channel that the other side opened, and nothing on its own.
    this.#connection.addEventListener('datachannel', ({ channel }) => {
      channel.binaryType = 'arraybuffer';
      channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => handlers.received(textOf(data)));
    });
    this.#own = this.#connection.createDataChannel('localDataChannel');
    this.opened = new Promise((resolve) => {
      this.#own.addEventListener('open', () => resolve());
    });
  }

  async offer(): Promise<string> {
    const offer = await this.#connection.createOffer();
    await this.#connection.setLocalDescription(offer);
    return offer.sdp ?? '';
  }

  async answer(sdp: string): Promise<string> {
    await this.#connection.setRemoteDescription({ type: 'offer', sdp });
    const answer = await this.#connection.createAnswer();
    await this.#connection.setLocalDescription(answer);
    return answer.sdp ?? '';
  }

  async accept(sdp: string): Promise<void> {
    await this.#connection.setRemoteDescription({ type: 'answer', sdp });
  }

  /** One that comes before the description fails, and is lost. */
  async addCandidate({ sdpCandidate, sdpMid, sdpMLineIndex }: CandidateData): Promise<void> {
    if (!this.#connection.remoteDescription) return;
    await this.#connection.addIceCandidate({ candidate: sdpCandidate, sdpMid, sdpMLineIndex }).catch(() => undefined);
  }

  /** Bare text, one frame, never empty. */
  send(text: string): void {
    if (text !== '') this.#own.send(text);
  }

  close(): void {
    this.#connection.close();
  }
}

const textOf = (data: unknown): string => (data instanceof ArrayBuffer ? new TextDecoder().decode(data) : String(data));
