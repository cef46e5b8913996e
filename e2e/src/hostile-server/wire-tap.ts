import { NodePeerConnection } from '../node-rtc.ts';

/** A candidate as the wire has it. */
export interface WireCandidate {
  readonly sdpMLineIndex: number;
  readonly sdpMid: string;
  readonly sdpCandidate: string;
}

/** One end of the tap: a peer connection, and the candidates that came before its descriptions. */
class End {
  readonly connection = new NodePeerConnection({ iceServers: [] });
  readonly channel: RTCDataChannel;
  #early: WireCandidate[] | null = [];
  readonly #waiting: ArrayBuffer[] = [];

  constructor() {
    this.channel = this.connection.createDataChannel('earshot', { negotiated: true, id: 0, ordered: true });
    this.channel.binaryType = 'arraybuffer';
    this.channel.addEventListener('open', () => {
      for (const data of this.#waiting.splice(0)) this.channel.send(data);
    });
  }

  send(data: ArrayBuffer): void {
    if (this.channel.readyState === 'open') this.channel.send(data);
    else this.#waiting.push(data);
  }

  addCandidate(candidate: WireCandidate): void {
    if (this.#early) this.#early.push(candidate);
    else this.#add(candidate);
  }

  described(): void {
    const early = this.#early ?? [];
    this.#early = null;
    for (const candidate of early) this.#add(candidate);
  }

  /** His own candidates. */
  trickle(tell: (candidate: WireCandidate) => void): void {
    this.connection.addEventListener('icecandidate', ({ candidate }) => {
      if (!candidate || candidate.candidate === '') return;
      tell({ sdpMLineIndex: 0, sdpMid: candidate.sdpMid ?? '0', sdpCandidate: candidate.candidate });
    });
  }

  #add({ sdpCandidate: candidate, sdpMid, sdpMLineIndex }: WireCandidate): void {
    void this.connection.addIceCandidate({ candidate, sdpMid, sdpMLineIndex }).catch(() => undefined);
  }
}

/** Two peer connections with certificates of their own, back to back. */
export class WireTap {
  readonly #ends = { caller: new End(), callee: new End() };
  #offer = '';
  relayed = 0;

  constructor() {
    this.#hand('caller', 'callee');
    this.#hand('callee', 'caller');
  }

  /** Takes the caller's offer and makes one of his own for the callee. */
  async meet(
    offer: string,
    tell: { offer(sdp: string): void; candidate(candidate: WireCandidate): void },
  ): Promise<void> {
    this.#offer = offer;
    const { connection } = this.#ends.callee;
    this.#ends.callee.trickle(tell.candidate);
    const own = await connection.createOffer();
    await connection.setLocalDescription(own);
    tell.offer(connection.localDescription?.sdp ?? '');
  }

  /** Takes the callee's answer and gives the caller one of his own. */
  async join(
    answer: string,
    tell: { answer(sdp: string): void; candidate(candidate: WireCandidate): void },
  ): Promise<void> {
    const { callee, caller } = this.#ends;
    await callee.connection.setRemoteDescription({ type: 'answer', sdp: answer });
    callee.described();
    await caller.connection.setRemoteDescription({ type: 'offer', sdp: this.#offer });
    caller.trickle(tell.candidate);
    const own = await caller.connection.createAnswer();
    await caller.connection.setLocalDescription(own);
    tell.answer(caller.connection.localDescription?.sdp ?? '');
    caller.described();
  }

  addCandidate(from: 'caller' | 'callee', data: unknown): void {
    this.#ends[from].addCandidate(data as WireCandidate);
  }

  close(): void {
    for (const { connection } of Object.values(this.#ends)) connection.close();
  }

  #hand(from: 'caller' | 'callee', to: 'caller' | 'callee'): void {
    this.#ends[from].channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (!(data instanceof ArrayBuffer)) return;
      this.relayed += 1;
      this.#ends[to].send(data);
    });
  }
}
