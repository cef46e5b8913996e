import { generateKeyPairSync, type KeyObject, randomBytes, sign, verify as verifySync } from 'node:crypto';
import {
  type Claim,
  certificateTranscript,
  claimTranscript,
  deviceIdOf,
  type Identity,
  type Name,
  NONCE_BYTES,
  personIdOf,
  type Verify,
} from '@earshot/protocol';

/** Somebody with keys, for tests. */
export interface Person {
  readonly newDevice: () => Device;
}

export interface Device {
  readonly identity: Identity;
  claim(name: string, serverNonce: Uint8Array, host?: string): Claim;
}

export const newPerson = (): Person => {
  const own = generateKeyPairSync('ed25519');
  const person = personIdOf(rawKey(own.publicKey));
  return {
    newDevice() {
      const pair = generateKeyPairSync('ed25519');
      const device = deviceIdOf(rawKey(pair.publicKey));
      const certificate = bytes(sign(null, certificateTranscript(person, device), own.privateKey));
      return {
        identity: { person, device, certificate },
        claim(name, serverNonce, host = 'localhost:3000') {
          const nonce = bytes(randomBytes(NONCE_BYTES));
          const transcript = claimTranscript({ host, serverNonce, clientNonce: nonce, name: name as Name });
          return { key: this.identity, nonce, signature: bytes(sign(null, transcript, pair.privateKey)) };
        },
      };
    },
  };
};

export const newDevice = (): Device => newPerson().newDevice();

/** The head of an Ed25519 public key in SPKI (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

const bytes = (buffer: Buffer): Uint8Array => new Uint8Array(buffer);
const rawKey = (key: KeyObject): Uint8Array => bytes(key.export({ type: 'spki', format: 'der' }).subarray(SPKI.length));

/** Within one microtask, so that tests need not wait. */
export const verify: Verify = (publicKey, message, signature) => {
  const key = { key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' } as const;
  return Promise.resolve(verifySync(null, message, key, signature));
};
