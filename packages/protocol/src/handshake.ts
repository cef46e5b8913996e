import { lengthPrefixed, Writer } from './bytes.ts';
import type { Hash, Identity } from './identity.ts';
import { writeIdentity } from './identity.ts';

/** Versions of the peer protocol that this code speaks, best first. */
export const PEER_VERSIONS: readonly number[] = [1];
export const HANDSHAKE_NONCE_BYTES = 32;
export const COMMITMENT_BYTES = 32;
/** SHA-256 of the DER certificate (RFC 8122), 32 bytes. */
export type Fingerprint = Uint8Array;

/** All that both signatures cover but the initiator's nonce, which stays hidden behind its commitment until R has signed. */
export interface HandshakeFacts {
  readonly versionsOffered: readonly number[];
  readonly versionChosen: number;
  readonly initiatorFingerprint: Fingerprint;
  readonly responderFingerprint: Fingerprint;
  readonly commitment: Uint8Array;
  readonly responderNonce: Uint8Array;
  readonly initiator: Identity;
  readonly responder: Identity;
}

const identityBytes = (identity: Identity): Uint8Array => {
  const writer = new Writer();
  writeIdentity(writer, identity);
  return writer.done();
};

/** cI = H(LP("commit", nI, idI)). */
export const commitmentOf = (hash: Hash, nonce: Uint8Array, initiator: Identity): Uint8Array =>
  hash(lengthPrefixed('commit', nonce, identityBytes(initiator)));

/** T of SPEC.md, section 5. */
export const handshakeTranscript = (hash: Hash, facts: HandshakeFacts): Uint8Array =>
  hash(
    lengthPrefixed(
      'earshot/hs/1',
      Uint8Array.from(facts.versionsOffered),
      Uint8Array.of(facts.versionChosen),
      facts.initiatorFingerprint,
      facts.responderFingerprint,
      facts.commitment,
      facts.responderNonce,
      identityBytes(facts.initiator),
      identityBytes(facts.responder),
    ),
  );

export const responderSigns = (transcript: Uint8Array): Uint8Array => lengthPrefixed('R', transcript);
export const initiatorSigns = (transcript: Uint8Array, nonce: Uint8Array): Uint8Array =>
  lengthPrefixed('I', transcript, nonce);

/** 42 bits for two people to compare by voice, as seven numbers from 0 to 63. */
export const shortCode = (hash: Hash, transcript: Uint8Array, initiatorNonce: Uint8Array): readonly number[] => {
  const digest = hash(lengthPrefixed('sas', transcript, initiatorNonce));
  return Array.from({ length: 7 }, (_, i) => {
    const bit = i * 6;
    const pair = ((digest[bit >> 3] ?? 0) << 8) | (digest[(bit >> 3) + 1] ?? 0);
    return (pair >> (10 - (bit & 7))) & 63;
  });
};
