import type { Identity } from '@earshot/protocol';
import type { SigningKey } from '../ports/crypto.ts';

/** This device, able to sign. */
export interface LocalIdentity {
  readonly identity: Identity;
  readonly device: SigningKey;
}
