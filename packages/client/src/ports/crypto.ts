import type { Hash, Verify } from '@earshot/protocol';

/** A key that signs. The private half never leaves the adapter; `stored` is what storage keeps of it (structured-cloneable, opaque). */
export interface SigningKey {
  /** 32 bytes, Ed25519 (RFC 8032). */
  readonly publicKey: Uint8Array;
  readonly stored: unknown;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

export interface Crypto {
  /** SHA-256. */
  readonly hash: Hash;
  readonly verify: Verify;
  /** Unpredictable bytes, from the platform's generator alone. */
  random(bytes: number): Uint8Array;
  /** `portable`: may be written into a backup. A device's key isn't. */
  generateKey(use: 'portable' | 'device'): Promise<SigningKey>;
  /** The key behind a `stored`; throws where it isn't one, for only damage to the store makes it so. */
  loadKey(stored: unknown): Promise<SigningKey>;
}
