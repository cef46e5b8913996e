import { SIGNATURE_BYTES } from '@earshot/protocol';
import type { Crypto, SigningKey } from '../ports/index.ts';
import { memoryHash } from './crypto-hash.ts';
import { createRandom } from './crypto-random.ts';

const KEY_BYTES = 32;

/** What "storage" keeps: it holds the secret, so that knowing a public key is never enough to sign. */
interface StoredKey {
  readonly use: 'portable' | 'device';
  readonly publicKey: Uint8Array;
  readonly secret: Uint8Array;
}

/**
 * A {@link Crypto} for tests and simulations: fast, and the same for the same seed. One call makes one world: keys and signatures of
 * another world mean nothing in it. A signature fits only the key that made it and that very message, and can't be
 * made from what is public, because what checks it is a register of secrets inside the world. Never for real people:
 * the hash resists chance, not malice.
 */
export const createMemoryCrypto = (seed: number): Crypto => {
  const random = createRandom(seed);
  const register = new Map<number, Pick<StoredKey, 'publicKey' | 'secret'>>();

  const signatureOf = (secret: Uint8Array, message: Uint8Array): Uint8Array => {
    // The byte before keeps it from ever being what a public key is: the hash of the secret alone.
    const signed = new Uint8Array(1 + KEY_BYTES + message.length);
    signed.set(secret, 1);
    signed.set(message, 1 + KEY_BYTES);
    const half = memoryHash(signed);
    const signature = new Uint8Array(SIGNATURE_BYTES);
    signature.set(half);
    signature.set(half, half.length);
    return signature;
  };

  const signingKey = (stored: StoredKey): SigningKey => ({
    publicKey: stored.publicKey,
    stored,
    sign: async (message) => signatureOf(stored.secret, message),
  });

  return {
    hash: memoryHash,

    async verify(publicKey, message, signature) {
      const known = register.get(handle(publicKey));
      if (known === undefined || !same(publicKey, known.publicKey)) return false;
      return same(signature, signatureOf(known.secret, message));
    },

    random: random.bytes,

    async generateKey(use) {
      const secret = random.bytes(KEY_BYTES);
      const publicKey = memoryHash(secret);
      register.set(handle(publicKey), { publicKey, secret });
      return signingKey({ use, publicKey, secret });
    },

    async loadKey(stored) {
      if (!isStoredKey(stored)) throw new Error('The stored key is damaged');
      const known = register.get(handle(stored.publicKey));
      if (known === undefined || !same(known.secret, stored.secret))
        throw new Error('The stored key is of another world');
      return signingKey(stored);
    },
  };
};

/** 48 bits of a public key: as good as the whole for finding it, and quicker than text. */
const handle = (key: Uint8Array): number => {
  let value = 0;
  for (let i = 0; i < 6; i++) value = value * 256 + (key[i] ?? 0);
  return value;
};

const same = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};

const isStoredKey = (value: unknown): value is StoredKey =>
  typeof value === 'object' &&
  value !== null &&
  'publicKey' in value &&
  value.publicKey instanceof Uint8Array &&
  'secret' in value &&
  value.secret instanceof Uint8Array;
