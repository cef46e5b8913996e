import { equalBytes } from '@earshot/protocol';
import type { RtcPath, RtcState } from '../ports/index.ts';
import type { MemoryConnection } from './rtc-connection.ts';
import type { MemoryLink, MemoryNetwork } from './rtc-network.ts';
import { Pipe } from './rtc-pipe.ts';

/** Silence after which a browser says `disconnected` and `failed`, ms. */
const DISCONNECTED_AFTER_MS = 5_000;
const FAILED_AFTER_MS = 15_000;

/** `checking`: ICE, DTLS and SCTP are under way. `closing`: one end has gone and said so. `silent`: nothing gets through, which may end. */
type TieState = 'checking' | 'connected' | 'closing' | 'silent' | 'over';

/** What holds two ends together from the first check to the end. */
export class Tie {
  readonly #network: MemoryNetwork;
  readonly #ends: readonly [MemoryConnection, MemoryConnection];
  readonly #pipes: readonly [Pipe, Pipe];
  #state: TieState = 'checking';
  /** What both ends' browsers said last. */
  #said: RtcState = 'new';
  /** Timers that end with the tie, and those that end with a silence. */
  readonly #timers = new Set<() => void>();
  #silence: readonly (() => void)[] = [];
  #used: RtcPath | null = null;
  /** Ends whose channel would have opened, had there been no silence. */
  #unopened: MemoryConnection[] = [];

  constructor(network: MemoryNetwork, a: MemoryConnection, b: MemoryConnection) {
    this.#network = network;
    this.#ends = [a, b];
    this.#pipes = [new Pipe(network.clock, a, b), new Pipe(network.clock, b, a)];
  }

  /** What the platform says of the pair in use: also while nothing gets through, as browsers do. */
  get used(): RtcPath | null {
    return this.#used;
  }

  begin(): void {
    const [a, b] = this.#ends;
    a.tie = this;
    b.tie = this;
    this.#later(0, () => this.#say('connecting'));
    this.#later(2 * this.#link().latencyMs, () => this.#checked());
  }

  /** The best way between the two right now, `null` where there is none. */
  path(): RtcPath | null {
    const [a, b] = this.#ends;
    const { reach, latencyMs } = this.#link();
    if (reach === 'cut' || a.silent || b.silent) return null;
    const roundTripMs = 2 * latencyMs;
    const open = !a.options.relayOnly && !b.options.relayOnly;
    if (reach === 'direct' && open && (a.heard.has('host') || b.heard.has('host')))
      return { kind: 'direct', roundTripMs };
    // A relayed end is reached at its relay, or shows itself from there to an end whose candidate it heard.
    const relayed = a.relay && (b.heard.has('relay') || a.heard.size > 0);
    if (relayed || (b.relay && (a.heard.has('relay') || b.heard.size > 0))) return { kind: 'relayed', roundTripMs };
    return null;
  }

  /** Something about the network or an end has changed. */
  look(): void {
    const through = this.path() !== null;
    if (this.#state === 'checking' && !through) this.#over();
    else if (this.#state === 'connected' && !through) this.#fellSilent();
    else if (this.#state === 'closing' && this.#link().reach === 'cut') this.#fellSilent();
    else if (this.#state === 'silent' && through) this.#healed();
    else if (this.#state === 'connected') this.#used = this.path();
  }

  /** One end has closed on purpose. Its browser says so, if the network lets it. */
  closed(end: MemoryConnection): void {
    if (this.#state !== 'connected' || this.#link().reach === 'cut') return this.look();
    this.#state = 'closing';
    // What is still in a closing browser's buffers may or may not have left it.
    if (this.#network.random.fraction() < 0.5) this.#pipe(end).clear();
    this.#later(this.#link().latencyMs, () => this.#closeHeard(end));
  }

  send(from: MemoryConnection, data: Uint8Array): boolean {
    return this.#state !== 'over' && this.#pipe(from).push(data, this.#link().latencyMs);
  }

  buffered(from: MemoryConnection): number {
    return this.#pipe(from).bytes;
  }

  #checked(): void {
    const [a, b] = this.#ends;
    const proved = (end: MemoryConnection, peer: MemoryConnection): boolean =>
      end.remote !== null && peer.local !== null && equalBytes(end.remote.fingerprint, peer.local.fingerprint);
    if (!proved(a, b) || !proved(b, a)) {
      this.#fail();
      return;
    }
    this.#state = 'connected';
    this.#used = this.path();
    this.#say('connected');
    const { latencyMs } = this.#link();
    const [first, second] = this.#network.random.fraction() < 0.5 ? [a, b] : [b, a];
    this.#later(2 * latencyMs, () => this.#open(first));
    this.#later(3 * latencyMs, () => this.#open(second));
  }

  #open(end: MemoryConnection): void {
    if (this.#state === 'silent') this.#unopened.push(end);
    if (this.#state !== 'connected') return;
    end.opened = true;
    end.tell((to) => to.opened());
    this.#pipe(this.#peerOf(end)).flow();
  }

  #fellSilent(): void {
    this.#state = 'silent';
    for (const pipe of this.#pipes) pipe.stop();
    this.#silence = [
      this.#later(DISCONNECTED_AFTER_MS, () => this.#say('disconnected')),
      this.#later(FAILED_AFTER_MS, () => this.#fail()),
    ];
  }

  #healed(): void {
    for (const cancel of this.#silence) cancel();
    this.#state = 'connected';
    this.#used = this.path();
    const { latencyMs } = this.#link();
    if (this.#said === 'disconnected') this.#silence = [this.#later(latencyMs, () => this.#say('connected'))];
    for (const pipe of this.#pipes) pipe.resume(latencyMs);
    for (const end of this.#unopened.splice(0)) this.#later(latencyMs, () => this.#open(end));
  }

  #closeHeard(end: MemoryConnection): void {
    if (this.#state !== 'closing') return;
    const peer = this.#peerOf(end);
    this.#pipe(end).deliver();
    this.#over();
    peer.tell((to) => to.channelClosed());
  }

  #fail(): void {
    for (const end of this.#ends) this.#network.leave(end);
    this.#say('failed');
    this.#over();
  }

  #over(): void {
    this.#state = 'over';
    for (const cancel of this.#timers) cancel();
    for (const pipe of this.#pipes) pipe.clear();
    for (const end of this.#ends) {
      end.tie = null;
      end.opened = false;
    }
    this.#network.untie(this);
  }

  #say(state: RtcState): void {
    if (this.#said === state) return;
    this.#said = state;
    for (const end of this.#ends) end.tell((to) => to.state(state));
  }

  #link(): MemoryLink {
    const [a, b] = this.#ends;
    return this.#network.link(a.host, b.host);
  }

  #peerOf(end: MemoryConnection): MemoryConnection {
    const [a, b] = this.#ends;
    return end === a ? b : a;
  }

  #pipe(from: MemoryConnection): Pipe {
    return this.#pipes[from === this.#ends[0] ? 0 : 1];
  }

  /** A timer that the tie's end cancels. */
  #later(ms: number, act: () => void): () => void {
    const cancel = this.#network.clock.after(ms, () => {
      this.#timers.delete(cancel);
      act();
    });
    this.#timers.add(cancel);
    return cancel;
  }
}
