import { type Candidate, toBase64Url } from '@earshot/protocol';
import { type PeerConnection, RtcError, type RtcHandlers, type RtcOptions, type RtcPath } from '../ports/index.ts';
import { type IceCandidate, parseCandidate, writeCandidate } from '../session/candidate.ts';
import { type Description, parseSdp, writeSdp } from '../session/sdp.ts';
import type { MemoryNetwork } from './rtc-network.ts';
import type { Tie } from './rtc-tie.ts';

/** Longest time until a connection's own candidates are there, ms. */
const GATHERING_MAX_MS = 8;
const MAX_MESSAGE_BYTES = 262_144;

/** One end of a simulated peer connection. */
export class MemoryConnection implements PeerConnection {
  readonly host: string;
  readonly options: RtcOptions;
  readonly relay: boolean;
  local: Description | null = null;
  remote: Description | null = null;
  /** Kinds of the peer's candidates that got here. */
  readonly heard = new Set<IceCandidate['type']>();
  tie: Tie | null = null;
  opened = false;
  readonly #network: MemoryNetwork;
  readonly #gone: () => void;
  #handlers: RtcHandlers | null;

  constructor(network: MemoryNetwork, host: string, options: RtcOptions, handlers: RtcHandlers, gone: () => void) {
    this.#network = network;
    this.host = host;
    this.options = options;
    this.relay = options.iceServers.some(({ urls }) => [urls].flat().some((url) => url.startsWith('turn')));
    this.#handlers = handlers;
    this.#gone = gone;
  }

  async offer(): Promise<string> {
    this.#require(this.local === null, 'refused');
    return this.#describe('actpass');
  }

  async answer(offerSdp: string): Promise<string> {
    this.#require(this.local === null && this.remote === null, 'refused');
    this.#hear('offer', offerSdp);
    const sdp = this.#describe('active');
    this.#network.meet(this);
    return sdp;
  }

  async accept(answerSdp: string): Promise<void> {
    this.#require(this.local?.setup === 'actpass' && this.remote === null, 'refused');
    this.#hear('answer', answerSdp);
    this.#network.meet(this);
  }

  async addCandidate({ sdpCandidate }: Candidate): Promise<void> {
    const candidate = parseCandidate(sdpCandidate);
    if (candidate === undefined || this.remote === null || this.#handlers === null) return;
    if (candidate.ufrag !== null && candidate.ufrag !== this.remote.iceUfrag) return;
    this.heard.add(candidate.type);
    this.#network.meet(this);
  }

  send(data: Uint8Array): boolean {
    return this.opened && (this.tie?.send(this, data) ?? false);
  }

  buffered(): number {
    return this.tie?.buffered(this) ?? 0;
  }

  async path(): Promise<RtcPath | null> {
    return this.tie?.used ?? null;
  }

  close(): void {
    if (this.#handlers === null) return;
    this.#fallSilent();
    this.tie?.closed(this);
  }

  kill(): void {
    if (this.#handlers === null) return;
    this.#fallSilent();
    this.tie?.look();
  }

  /** Whether this end says and hears nothing any more. */
  get silent(): boolean {
    return this.#handlers === null;
  }

  /** Calls a handler, unless this end is silent. */
  tell(call: (handlers: RtcHandlers) => void): void {
    if (this.#handlers !== null) call(this.#handlers);
  }

  /** Whether the description that this end was given names `peer`. The fingerprint is looked at later, as DTLS does. */
  knows(peer: MemoryConnection): boolean {
    return this.remote?.iceUfrag === peer.local?.iceUfrag && this.remote?.icePwd === peer.local?.icePwd;
  }

  #fallSilent(): void {
    this.#handlers = null;
    this.opened = false;
    this.#network.leave(this);
    this.#gone();
  }

  #require(condition: boolean, fault: 'refused'): void {
    if (this.#handlers === null) throw new RtcError('closed');
    if (!condition) throw new RtcError(fault);
  }

  #describe(setup: 'actpass' | 'active'): string {
    const { random } = this.#network;
    const local: Description = {
      iceUfrag: iceText(random.bytes(6)),
      icePwd: iceText(random.bytes(18)),
      fingerprint: random.bytes(32),
      setup,
      mid: '0',
      sctpPort: 5000,
      maxMessageSize: MAX_MESSAGE_BYTES,
      candidates: [],
    };
    this.local = local;
    this.#network.enter(local.iceUfrag, this);
    this.#network.clock.after(Math.ceil(random.fraction() * GATHERING_MAX_MS), () => this.#gather());
    return writeSdp(local);
  }

  #hear(kind: 'offer' | 'answer', sdp: string): void {
    const parsed = parseSdp(kind, sdp);
    if (!parsed.ok) throw new RtcError('refused', { cause: parsed.error });
    this.remote = parsed.value;
    for (const { type } of parsed.value.candidates) this.heard.add(type);
  }

  #gather(): void {
    const host = this.#network.numberOf(this.host);
    const port = 1024 + Math.floor(this.#network.random.fraction() * 60_000);
    const common = { foundation: '1', transport: 'udp', port, tcpType: null, ufrag: null } as const;
    const [high, low] = [host >> 8, host & 255];
    const own: IceCandidate[] = [];
    if (!this.options.relayOnly) own.push({ ...common, priority: 2e9, address: `10.0.${high}.${low}`, type: 'host' });
    if (this.relay) own.push({ ...common, priority: 1e6, address: `198.51.${high}.${low}`, type: 'relay' });
    for (const candidate of own) {
      this.tell((to) => to.candidate({ sdpMLineIndex: 0, sdpMid: '0', sdpCandidate: writeCandidate(candidate) }));
    }
  }
}

/** Random text of ICE's alphabet. */
const iceText = (bytes: Uint8Array): string => toBase64Url(bytes).replaceAll('-', '+').replaceAll('_', '/');
