/** Lets `burst` through at once and `perSecond` in the long run. Holds two numbers: there is one for each connection. */
export class TokenBucket {
  #tokens: number;
  /** ms, elapsed time. */
  #at: number;

  constructor(burst: number, elapsed: number) {
    this.#tokens = burst;
    this.#at = elapsed;
  }

  /** Whether `cost` tokens were there. They are only taken then. */
  take(cost: number, burst: number, perSecond: number, elapsed: number): boolean {
    this.#refill(burst, perSecond, elapsed);
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  isFull(burst: number, perSecond: number, elapsed: number): boolean {
    this.#refill(burst, perSecond, elapsed);
    return this.#tokens >= burst;
  }

  #refill(burst: number, perSecond: number, elapsed: number): void {
    this.#tokens = Math.min(burst, this.#tokens + ((elapsed - this.#at) / 1000) * perSecond);
    this.#at = elapsed;
  }
}
