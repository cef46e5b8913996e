import { SIGNATURE_BYTES } from '@earshot/protocol';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Crypto, SigningKey } from '../ports/index.ts';
import { isWeakKey } from './weak-keys.ts';

const PUBLIC_KEY_BYTES = 32;
/** Public keys kept imported. Importing costs as much as verifying, and the same few peers sign nearly everything. */
const IMPORTED_MAX_KEYS = 256;

/** What storage keeps of a key. `pkcs8` is RFC 8410's encoding; a device's private half is a handle that nothing can read. */
type StoredKey =
  | { readonly use: 'device'; readonly publicKey: Uint8Array; readonly privateKey: CryptoKey }
  | { readonly use: 'portable'; readonly publicKey: Uint8Array; readonly pkcs8: Uint8Array };

/** The bytes as WebCrypto's types want them: never in shared memory. */
const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

/** The {@link Crypto} port on the platform's WebCrypto: browsers and Node alike. Needs a secure context, as WebCrypto does. */
export const createWebCrypto = (): Crypto => {
  const { subtle } = globalThis.crypto;
  const imported = new PublicKeys(subtle);

  const signingKey = (stored: StoredKey, privateKey: CryptoKey): SigningKey => ({
    publicKey: stored.publicKey,
    stored,
    sign: async (message) => new Uint8Array(await subtle.sign('Ed25519', privateKey, owned(message))),
  });

  return {
    hash: sha256,

    async verify(publicKey, message, signature) {
      if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
      try {
        const key = await imported.get(publicKey);
        return await subtle.verify('Ed25519', key, owned(signature), owned(message));
      } catch {
        return false;
      }
    },

    random: (bytes) => globalThis.crypto.getRandomValues(new Uint8Array(bytes)),

    async generateKey(use) {
      const extractable = use === 'portable';
      const pair = await subtle.generateKey('Ed25519', extractable, ['sign', 'verify']);
      if (!('privateKey' in pair)) throw new Error('Bug: Ed25519 gave a single key');
      const publicKey = new Uint8Array(await subtle.exportKey('raw', pair.publicKey));
      if (!extractable) return signingKey({ use: 'device', publicKey, privateKey: pair.privateKey }, pair.privateKey);
      const pkcs8 = new Uint8Array(await subtle.exportKey('pkcs8', pair.privateKey));
      return signingKey({ use: 'portable', publicKey, pkcs8 }, pair.privateKey);
    },

    async loadKey(stored) {
      if (!isStoredKey(stored)) throw new Error('The stored key is damaged');
      if (stored.use === 'device') return signingKey(stored, stored.privateKey);
      return signingKey(stored, await subtle.importKey('pkcs8', owned(stored.pkcs8), 'Ed25519', false, ['sign']));
    },
  };
};

/** Imported public keys, the least recently used dropped first. */
class PublicKeys {
  readonly #subtle: SubtleCrypto;
  readonly #keys = new Map<string, Promise<CryptoKey>>();

  constructor(subtle: SubtleCrypto) {
    this.#subtle = subtle;
  }

  /** Rejects where the bytes are no point of the curve, or one that anybody could sign for. */
  get(publicKey: Uint8Array): Promise<CryptoKey> {
    const name = publicKey.toString();
    const known = this.#keys.get(name);
    if (known !== undefined) {
      this.#keys.delete(name);
      this.#keys.set(name, known);
      return known;
    }
    if (isWeakKey(publicKey)) return Promise.reject(new Error('A key of small order'));
    const key = this.#subtle.importKey('raw', owned(publicKey), 'Ed25519', false, ['verify']);
    this.#keys.set(name, key);
    const [oldest] = this.#keys.keys();
    if (this.#keys.size > IMPORTED_MAX_KEYS && oldest !== undefined) this.#keys.delete(oldest);
    return key;
  }
}

const isStoredKey = (value: unknown): value is StoredKey => {
  if (typeof value !== 'object' || value === null || !('use' in value) || !('publicKey' in value)) return false;
  if (!(value.publicKey instanceof Uint8Array) || value.publicKey.length !== PUBLIC_KEY_BYTES) return false;
  if (value.use === 'portable') return 'pkcs8' in value && value.pkcs8 instanceof Uint8Array;
  return value.use === 'device' && 'privateKey' in value && value.privateKey instanceof CryptoKey;
};
