import {
  commitmentOf,
  equalBytes,
  type Fingerprint,
  fail,
  HANDSHAKE_NONCE_BYTES,
  type HandshakeFrame,
  handshakeTranscript,
  type Identity,
  idBytes,
  initiatorSigns,
  type Key,
  ok,
  PEER_VERSIONS,
  type Result,
  responderSigns,
  shortCode,
  verifyIdentity,
} from '@earshot/protocol';
import type { LocalIdentity } from '../identity/types.ts';
import type { Crypto } from '../ports/index.ts';

/** An open channel, as far as the handshake sees it. */
export interface HandshakeLink {
  send(frame: HandshakeFrame): void;
  /** The next message; `undefined` where it is no frame of the handshake, or none will come. */
  receive(): Promise<HandshakeFrame | undefined>;
}

export interface HandshakeOptions {
  readonly crypto: Crypto;
  readonly self: LocalIdentity;
  /** Whom the server said is there. Nobody else is let through. */
  readonly expected: Key;
  /** Of the certificate that this side's connection uses. */
  readonly ownFingerprint: Fingerprint;
  /** The one that DTLS was told to insist on. */
  readonly peerFingerprint: Fingerprint;
  /** Best first. */
  readonly versions?: readonly number[];
}

/** `violation`: not the messages of a handshake. `not_proved`: well-formed, but not by whom it should be, or not for this connection. */
export type HandshakeFault = 'violation' | 'not_proved';

export interface Proof {
  readonly peer: Identity;
  readonly version: number;
  /** See {@link shortCode}. */
  readonly code: readonly number[];
}

/**
 * The offerer's part, up to H3 (DESIGN: the session handshake; SPEC.md, section 5). What it answers is safe to act on at once: R
 * has signed, under a transcript with our fresh commitment in it, both identities and the certificates at both ends, so whatever we send
 * from here on reaches R and nobody else. What is still out is only whether R takes us, which {@link confirmed} tells.
 */
export const initiate = async (
  link: HandshakeLink,
  options: HandshakeOptions,
): Promise<Result<Proof, HandshakeFault>> => {
  const { crypto, self, ownFingerprint, peerFingerprint, versions = PEER_VERSIONS } = options;
  if (equalBytes(ownFingerprint, peerFingerprint)) return fail('violation');
  const nonce = crypto.random(HANDSHAKE_NONCE_BYTES);
  const commitment = commitmentOf(crypto.hash, nonce, self.identity);
  link.send({ type: 'hello', versions, identity: self.identity, commitment });

  const answer = await link.receive();
  if (answer?.type !== 'responder_proof' || !versions.includes(answer.version)) return fail('violation');
  if (!isExpected(answer.identity, options)) return fail('not_proved');
  const transcript = handshakeTranscript(crypto.hash, {
    versionsOffered: versions,
    versionChosen: answer.version,
    initiatorFingerprint: ownFingerprint,
    responderFingerprint: peerFingerprint,
    commitment,
    responderNonce: answer.nonce,
    initiator: self.identity,
    responder: answer.identity,
  });
  const [certified, signed, signature] = await Promise.all([
    verifyIdentity(crypto.verify, answer.identity),
    crypto.verify(idBytes(answer.identity.device), responderSigns(transcript), answer.signature),
    // Made beforehand to save the wait; it leaves this device only if the other two hold.
    self.device.sign(initiatorSigns(transcript, nonce)),
  ]);
  if (!certified || !signed) return fail('not_proved');

  link.send({ type: 'initiator_proof', nonce, signature });
  return ok({ peer: answer.identity, version: answer.version, code: shortCode(crypto.hash, transcript, nonce) });
};

/** H4, to the initiator: R takes us. */
export const confirmed = async (link: HandshakeLink): Promise<Result<void, HandshakeFault>> => {
  const last = await link.receive();
  return last?.type === 'secure' ? ok(undefined) : fail('violation');
};

/** The answerer's part, up to and with H4. */
export const respond = async (
  link: HandshakeLink,
  options: HandshakeOptions,
): Promise<Result<Proof, HandshakeFault>> => {
  const { crypto, self, ownFingerprint, peerFingerprint, versions = PEER_VERSIONS } = options;
  if (equalBytes(ownFingerprint, peerFingerprint)) return fail('violation');

  const hello = await link.receive();
  if (hello?.type !== 'hello') return fail('violation');
  const version = hello.versions.find((offered) => versions.includes(offered));
  if (version === undefined) return fail('violation');
  if (!isExpected(hello.identity, options)) return fail('not_proved');
  // Checked while the rest is on its way.
  const certified = verifyIdentity(crypto.verify, hello.identity);
  const nonce = crypto.random(HANDSHAKE_NONCE_BYTES);
  const transcript = handshakeTranscript(crypto.hash, {
    versionsOffered: hello.versions,
    versionChosen: version,
    initiatorFingerprint: peerFingerprint,
    responderFingerprint: ownFingerprint,
    commitment: hello.commitment,
    responderNonce: nonce,
    initiator: hello.identity,
    responder: self.identity,
  });
  const signature = await self.device.sign(responderSigns(transcript));
  link.send({ type: 'responder_proof', version, identity: self.identity, nonce, signature });

  const proof = await link.receive();
  if (proof?.type !== 'initiator_proof') return fail('violation');
  const committed = equalBytes(commitmentOf(crypto.hash, proof.nonce, hello.identity), hello.commitment);
  const signs = initiatorSigns(transcript, proof.nonce);
  const signed = committed && (await crypto.verify(idBytes(hello.identity.device), signs, proof.signature));
  if (!signed || !(await certified)) return fail('not_proved');

  link.send({ type: 'secure' });
  return ok({ peer: hello.identity, version, code: shortCode(crypto.hash, transcript, proof.nonce) });
};

/** This very person and device, and neither one's own. */
const isExpected = (peer: Identity, { self: { identity }, expected }: HandshakeOptions): boolean =>
  peer.person === expected.person &&
  peer.device === expected.device &&
  peer.person !== identity.person &&
  peer.device !== identity.device;
