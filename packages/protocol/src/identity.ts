import { lengthPrefixed, type Reader, type Writer } from './bytes.ts';
import {
  type ConversationId,
  conversationIdOf,
  type DeviceId,
  deviceIdOf,
  idBytes,
  type PersonId,
  personIdOf,
} from './ids.ts';

/** Checks an Ed25519 signature (RFC 8032); `false` for anything that isn't one. */
export type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>;
/** SHA-256. Synchronous, because ids are needed where nothing may be awaited. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

export const SIGNATURE_BYTES = 64;

/** Who speaks: the person, the device, and the person's signature that the device is theirs. */
export interface Identity {
  readonly person: PersonId;
  readonly device: DeviceId;
  /** 64 bytes, over {@link certificateTranscript}. */
  readonly certificate: Uint8Array;
}

export const certificateTranscript = (person: PersonId, device: DeviceId): Uint8Array =>
  lengthPrefixed('earshot/device/1', idBytes(person), idBytes(device));

export const verifyIdentity = (verify: Verify, identity: Identity): Promise<boolean> =>
  verify(idBytes(identity.person), certificateTranscript(identity.person, identity.device), identity.certificate);

/** 128 bytes. */
export const writeIdentity = (writer: Writer, identity: Identity): void => {
  writer.fixed(idBytes(identity.person)).fixed(idBytes(identity.device)).fixed(identity.certificate);
};

export const readIdentity = (reader: Reader): Identity => ({
  person: personIdOf(reader.fixed(32)),
  device: deviceIdOf(reader.fixed(32)),
  certificate: reader.fixed(SIGNATURE_BYTES),
});

/** Two people have one direct conversation, whoever begins it. */
export const directConversation = (hash: Hash, a: PersonId, b: PersonId): ConversationId => {
  const [first, second] = a < b ? [a, b] : [b, a];
  return conversationIdOf(hash(lengthPrefixed('earshot/direct/1', idBytes(first), idBytes(second))));
};
