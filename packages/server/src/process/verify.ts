import { webcrypto } from 'node:crypto';
import { SIGNATURE_BYTES, type Verify } from '@earshot/protocol';

const PUBLIC_KEY_BYTES = 32;

/** Ed25519 by the platform, off the main thread. */
export const verify: Verify = async (publicKey, message, signature) => {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  try {
    const key = await webcrypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
    return await webcrypto.subtle.verify('Ed25519', key, signature, message);
  } catch {
    return false;
  }
};
