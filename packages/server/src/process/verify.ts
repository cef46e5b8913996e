import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { SIGNATURE_BYTES, toBase64Url, type Verify } from '@earshot/protocol';

const PUBLIC_KEY_BYTES = 32;

/** Ed25519 by the platform, off the main thread. As a JWK (RFC 8037) a key is read in a third less time than in any other form. */
export const verify: Verify = (publicKey, message, signature) =>
  new Promise((done) => {
    if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return done(false);
    try {
      const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(publicKey) }, format: 'jwk' });
      verifySignature(null, message, key, signature, (error, fits) => done(error === null && fits));
    } catch {
      done(false);
    }
  });
