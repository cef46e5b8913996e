import type { Limits } from './limits.ts';
import { TokenBucket } from './token-bucket.ts';

interface Use {
  connections: number;
  readonly registrations: TokenBucket;
}

/** What each address uses. Its tokens outlive its connections, or reconnecting would be a way around them. */
export class Addresses {
  readonly #limits: Limits;
  readonly #uses = new Map<string, Use>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Whether one more connection may come. If so, it counts until {@link leave}. */
  enter(address: string, elapsed: number): boolean {
    let use = this.#uses.get(address);
    if (!use) {
      use = { connections: 0, registrations: new TokenBucket(this.#limits.registrationBurst, elapsed) };
      this.#uses.set(address, use);
    }
    if (use.connections >= this.#limits.connectionsPerAddress) return false;
    use.connections++;
    return true;
  }

  leave(address: string): void {
    const use = this.#uses.get(address);
    if (use) use.connections--;
  }

  mayRegister(address: string, elapsed: number): boolean {
    const { registrationBurst, registrationsPerMinute } = this.#limits;
    const use = this.#uses.get(address);
    return use?.registrations.take(1, registrationBurst, registrationsPerMinute / 60, elapsed) ?? false;
  }

  forgetUnused(elapsed: number): void {
    const { registrationBurst, registrationsPerMinute } = this.#limits;
    for (const [address, use] of this.#uses) {
      if (use.connections > 0) continue;
      if (use.registrations.isFull(registrationBurst, registrationsPerMinute / 60, elapsed)) this.#uses.delete(address);
    }
  }

  get size(): number {
    return this.#uses.size;
  }
}
