import type { Clock, RtcPort } from '../ports/index.ts';
import type { SeededRandom } from './crypto-random.ts';
import { MemoryConnection } from './rtc-connection.ts';
import { Tie } from './rtc-tie.ts';

/** One way of a link where nobody said otherwise, ms. */
const LATENCY_MS = 10;

/** What lies between two hosts. `relay`: only a TURN server is reachable from both. `cut`: nothing gets through. */
export interface MemoryLink {
  readonly latencyMs: number;
  readonly reach: 'direct' | 'relay' | 'cut';
}

export interface MemoryNetworkOptions {
  readonly clock: Clock;
  readonly random: SeededRandom;
  /** One way, ms. */
  readonly latencyMs?: number;
}

/** One browser tab's WebRTC. */
export interface MemoryRtc extends RtcPort {
  /** The tab dies: it says nothing to anybody any more, and its handlers hear nothing. */
  kill(): void;
}

/**
 * A network of hosts that connections of {@link MemoryRtc} meet over, with the manners of the real thing: they find each other by
 * ufrag and password, need a candidate to get through, fail where a fingerprint isn't that of the certificate in use, deliver
 * in order while connected, say `disconnected` and `failed` of a cut as browsers do, and heal where it ends in time.
 * Everything happens in turns of `clock` and by `random`, so that a run can be repeated.
 */
export class MemoryNetwork {
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly #usual: MemoryLink;
  readonly #links = new Map<string, MemoryLink>();
  readonly #away = new Set<string>();
  readonly #hosts: string[] = [];
  readonly #connections = new Map<string, MemoryConnection>();
  readonly #ties = new Set<Tie>();

  constructor({ clock, random, latencyMs = LATENCY_MS }: MemoryNetworkOptions) {
    this.clock = clock;
    this.random = random;
    this.#usual = { latencyMs, reach: 'direct' };
  }

  /** A tab on `host`. A host may have several, and a new one after it was killed. */
  tab(host: string): MemoryRtc {
    this.numberOf(host);
    const own = new Set<MemoryConnection>();
    return {
      open: (options, handlers) => {
        const connection = new MemoryConnection(this, host, options, handlers, () => own.delete(connection));
        own.add(connection);
        return connection;
      },
      kill: () => {
        for (const connection of [...own]) connection.kill();
      },
    };
  }

  /** Changes what lies between two hosts, for both ways and from now on. */
  setLink(a: string, b: string, change: Partial<MemoryLink>): void {
    this.#links.set(nameOf(a, b), { ...(this.#links.get(nameOf(a, b)) ?? this.#usual), ...change });
    this.#look();
  }

  /** Takes a host's network away or gives it back. What `setLink` said stays. */
  setOnline(host: string, online: boolean): void {
    if (online) this.#away.delete(host);
    else this.#away.add(host);
    this.#look();
  }

  link(a: string, b: string): MemoryLink {
    const link = this.#links.get(nameOf(a, b)) ?? this.#usual;
    return this.#away.has(a) || this.#away.has(b) ? { ...link, reach: 'cut' } : link;
  }

  /** Of this connection and of its tie alone; the rest of the class is for tests. */
  numberOf(host: string): number {
    const known = this.#hosts.indexOf(host);
    return known >= 0 ? known : this.#hosts.push(host) - 1;
  }

  enter(ufrag: string, connection: MemoryConnection): void {
    this.#connections.set(ufrag, connection);
  }

  /** Ties this connection to its peer if each has the other's description and something of either gets through. */
  meet(connection: MemoryConnection): void {
    const peer = this.#connections.get(connection.remote?.iceUfrag ?? '');
    if (!peer || peer === connection || connection.tie || peer.tie) return;
    if (!connection.knows(peer) || !peer.knows(connection)) return;
    const tie = new Tie(this, connection, peer);
    if (tie.path() === null) return;
    this.#ties.add(tie);
    tie.begin();
  }

  leave(connection: MemoryConnection): void {
    if (connection.local) this.#connections.delete(connection.local.iceUfrag);
  }

  untie(tie: Tie): void {
    this.#ties.delete(tie);
  }

  #look(): void {
    for (const tie of [...this.#ties]) tie.look();
    for (const connection of [...this.#connections.values()]) this.meet(connection);
  }
}

const nameOf = (a: string, b: string): string => (a < b ? `${a}\n${b}` : `${b}\n${a}`);
