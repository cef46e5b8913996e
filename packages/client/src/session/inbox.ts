import { CHANNEL_HIGH_WATER_BYTES, HANDSHAKE_MAX_BYTES } from '@earshot/protocol';

/** Messages of each side that belong to the handshake; what comes after them is for whoever is proved. */
const HANDSHAKE_MESSAGES = 2;
/**
 * What may wait behind the handshake while the last signature is checked, bytes: a peer that has sent its proof needn't wait for our
 * word before it goes on, and may fill its channel once.
 */
const WAITING_MAX_BYTES = CHANNEL_HIGH_WATER_BYTES;

/** Messages in their order, for a reader that has to wait for its crypto. Bounded against a peer that nobody knows yet. */
export class Inbox {
  readonly #waiting: Uint8Array[] = [];
  #count = 0;
  #handshakeBytes = 0;
  #waitingBytes = 0;
  #reader: ((message: Uint8Array | undefined) => void) | null = null;
  #closed = false;

  /** `false`: more than an unproved peer may send. */
  push(message: Uint8Array): boolean {
    this.#count++;
    if (this.#count <= HANDSHAKE_MESSAGES) this.#handshakeBytes += message.length;
    else this.#waitingBytes += message.length;
    if (this.#handshakeBytes > HANDSHAKE_MAX_BYTES || this.#waitingBytes > WAITING_MAX_BYTES) return false;
    const reader = this.#reader;
    this.#reader = null;
    if (reader) reader(message);
    else this.#waiting.push(message);
    return true;
  }

  /** The next message; `undefined` after {@link close}. One reader at a time. */
  next(): Promise<Uint8Array | undefined> {
    const message = this.#waiting.shift();
    if (message !== undefined || this.#closed) return Promise.resolve(message);
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }

  /** Takes all that waits. */
  rest(): readonly Uint8Array[] {
    return this.#waiting.splice(0);
  }

  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
    this.#reader?.(undefined);
    this.#reader = null;
  }
}
