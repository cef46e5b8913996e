import { SIGNATURE_BYTES } from '@earshot/protocol';
import type { Crypto, SigningKey } from '../ports/index.ts';

/** One thing that every adapter of a port must do. `run` throws where it doesn't. */
export interface CryptoCheck {
  readonly name: string;
  run(crypto: Crypto): Promise<void>;
}

const expect = (condition: boolean, what: string): void => {
  if (!condition) throw new Error(what);
};

const MESSAGE = Uint8Array.of(1, 2, 3);
const USES = ['portable', 'device'] as const;

const rejects = async (promise: Promise<unknown>): Promise<boolean> =>
  promise.then(
    () => false,
    () => true,
  );

const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

const keyed = async (crypto: Crypto): Promise<{ key: SigningKey; signature: Uint8Array }> => {
  const key = await crypto.generateKey('device');
  return { key, signature: await key.sign(MESSAGE) };
};

/** What every {@link Crypto} does, whatever is under it. */
export const cryptoConformance: readonly CryptoCheck[] = [
  {
    name: 'hashes to 32 bytes, the same for the same input, another for another',
    async run(crypto) {
      const seen = new Set<string>();
      for (let length = 0; length < 70; length++) {
        const hash = crypto.hash(new Uint8Array(length));
        expect(hash.length === 32, `a hash of ${hash.length} bytes`);
        expect(crypto.hash(new Uint8Array(length)).toString() === hash.toString(), 'two hashes of one input');
        seen.add(hash.toString());
        if (length > 0) seen.add(crypto.hash(flip(new Uint8Array(length), length - 1)).toString());
      }
      expect(seen.size === 139, 'two inputs with one hash');
    },
  },
  {
    name: 'hashes a part of a buffer as its own bytes',
    async run(crypto) {
      const part = Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4);
      expect(crypto.hash(part).toString() === crypto.hash(MESSAGE).toString(), 'looked past the part');
    },
  },
  {
    name: 'gives random bytes of the length asked for, never the same twice',
    async run(crypto) {
      for (const length of [0, 1, 16, 33]) expect(crypto.random(length).length === length, `not ${length} bytes`);
      expect(crypto.random(16).toString() !== crypto.random(16).toString(), 'the same bytes twice');
    },
  },
  ...USES.map(
    (use): CryptoCheck => ({
      name: `a ${use} key signs, before and after it was stored`,
      async run(crypto) {
        const key = await crypto.generateKey(use);
        const loaded = await crypto.loadKey(structuredClone(key.stored));
        expect(key.publicKey.length === 32, 'a public key isn’t 32 bytes');
        expect(loaded.publicKey.toString() === key.publicKey.toString(), 'another key came back');
        for (const signer of [key, loaded]) {
          const signature = await signer.sign(MESSAGE);
          expect(signature.length === SIGNATURE_BYTES, 'a signature isn’t 64 bytes');
          expect(await crypto.verify(key.publicKey, MESSAGE, signature), 'a good signature was refused');
        }
      },
    }),
  ),
  {
    name: 'verifies a part of a buffer as its own bytes',
    async run(crypto) {
      const { key, signature } = await keyed(crypto);
      const padded = Uint8Array.of(0, ...MESSAGE, 0).subarray(1, 4);
      expect(await crypto.verify(key.publicKey, padded, signature), 'looked past the part');
    },
  },
  {
    name: 'a signature fits only its key and its message',
    async run(crypto) {
      const { key, signature } = await keyed(crypto);
      const other = await keyed(crypto);
      expect(!(await crypto.verify(other.key.publicKey, MESSAGE, signature)), 'fits another key');
      expect(!(await crypto.verify(key.publicKey, Uint8Array.of(1, 2), signature)), 'fits another message');
      for (const at of [0, 31, 32, 63]) {
        expect(!(await crypto.verify(key.publicKey, MESSAGE, flip(signature, at))), `fits with byte ${at} changed`);
      }
    },
  },
  {
    name: 'answers false to what is no key or no signature',
    async run(crypto) {
      const { key, signature } = await keyed(crypto);
      for (const bytes of [new Uint8Array(0), new Uint8Array(31), new Uint8Array(32), new Uint8Array(32).fill(255)]) {
        expect(!(await crypto.verify(bytes, MESSAGE, signature)), 'took a bad key');
      }
      for (const bytes of [new Uint8Array(0), new Uint8Array(64), signature.slice(1), Uint8Array.of(...signature, 0)]) {
        expect(!(await crypto.verify(key.publicKey, MESSAGE, bytes)), 'took a bad signature');
      }
    },
  },
  {
    name: 'what is public of a key doesn’t sign',
    async run(crypto) {
      const { key } = await keyed(crypto);
      const forged = { use: 'portable', publicKey: key.publicKey, pkcs8: key.publicKey, secret: key.publicKey };
      expect(await rejects(crypto.loadKey(forged)), 'a public key was taken as a private one');
    },
  },
  {
    name: 'refuses to load what isn’t a stored key',
    async run(crypto) {
      for (const stored of [undefined, null, 7, {}, 'key', new Uint8Array(32), { use: 'device' }]) {
        expect(await rejects(crypto.loadKey(stored)), `loaded ${JSON.stringify(stored)}`);
      }
    },
  },
];
