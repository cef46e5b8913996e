import type { Crypto } from '@earshot/client';
import {
  commitmentOf,
  decodeFrame,
  directConversation,
  encodeFrame,
  type Frame,
  HANDSHAKE_NONCE_BYTES,
  type Identity,
  SIGNATURE_BYTES,
} from '@earshot/protocol';

export interface ImpostorOptions {
  readonly crypto: Crypto;
  readonly role: 'offerer' | 'answerer';
  /** Whom it plays: all that is public of them. */
  readonly as: Identity;
  readonly to: Identity;
  readonly send: (data: Uint8Array) => void;
}

/** Goes through the handshake in somebody else's name, with everything that can be known but their key; and asks for what was written. */
export class Impostor {
  readonly #options: ImpostorOptions;
  readonly #nonce: Uint8Array;

  constructor(options: ImpostorOptions) {
    this.#options = options;
    this.#nonce = options.crypto.random(HANDSHAKE_NONCE_BYTES);
  }

  opened(): void {
    const { crypto, role, as } = this.#options;
    if (role === 'answerer') return;
    this.#say({ type: 'hello', versions: [1], identity: as, commitment: commitmentOf(crypto.hash, this.#nonce, as) });
  }

  received(data: Uint8Array): void {
    const frame = decodeFrame(data);
    if (!frame.ok) return;
    const { crypto, as } = this.#options;
    const signature = crypto.random(SIGNATURE_BYTES);
    switch (frame.value.type) {
      case 'hello':
        return this.#say({ type: 'responder_proof', version: 1, identity: as, nonce: this.#nonce, signature });
      case 'responder_proof':
        return this.#say({ type: 'initiator_proof', nonce: this.#nonce, signature });
      case 'initiator_proof':
        this.#say({ type: 'secure' });
        return this.#ask();
      case 'secure':
        return this.#ask();
      default:
        return;
    }
  }

  #ask(): void {
    const { crypto, as, to } = this.#options;
    const conversation = directConversation(crypto.hash, as.person, to.person);
    this.#say({ type: 'have', conversation, vector: [] });
  }

  #say(frame: Frame): void {
    this.#options.send(encodeFrame(frame));
  }
}
