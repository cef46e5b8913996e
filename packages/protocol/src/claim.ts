import { lengthPrefixed } from './bytes.ts';
import { type Identity, type Verify, verifyIdentity } from './identity.ts';
import { idBytes, type Name } from './ids.ts';

export const NONCE_BYTES = 16;

export interface ClaimFacts {
  /** The authority that the client dialled, as in the Host header: `chat.example.org` or `localhost:3000`. */
  readonly host: string;
  readonly serverNonce: Uint8Array;
  readonly clientNonce: Uint8Array;
  readonly name: Name;
}

/** What a device signs to claim a name. The host is in it, so that one server can't spend at another what it was given. */
export const claimTranscript = ({ host, serverNonce, clientNonce, name }: ClaimFacts): Uint8Array =>
  lengthPrefixed('earshot/claim/1', host, serverNonce, clientNonce, name);

export const verifyClaim = async (
  verify: Verify,
  identity: Identity,
  facts: ClaimFacts,
  signature: Uint8Array,
): Promise<boolean> =>
  (await verify(idBytes(identity.device), claimTranscript(facts), signature)) &&
  (await verifyIdentity(verify, identity));
