import { decode, type Reader, Writer } from './bytes.ts';
import { distinctLogs, type EntryBytes, type LogPosition, readEntry, readPosition, writeEntry } from './entry.ts';
import { COMMITMENT_BYTES, HANDSHAKE_NONCE_BYTES } from './handshake.ts';
import { type Identity, readIdentity, SIGNATURE_BYTES, writeIdentity } from './identity.ts';
import { type ConversationId, conversationIdOf, idBytes } from './ids.ts';
import { NAME_MAX_CODE_POINTS, PEER_FRAME_MAX_BYTES, VECTOR_MAX_LOGS } from './limits.ts';
import { type Result, unreachable } from './result.ts';

/** How far a device has durably stored each log: everything up to and including `seq`. */
export type VectorEntries = readonly LogPosition[];

/** The four messages of the handshake (SPEC.md, section 5), in their order. */
export type HandshakeFrame =
  | {
      readonly type: 'hello';
      readonly versions: readonly number[];
      readonly identity: Identity;
      readonly commitment: Uint8Array;
    }
  | {
      readonly type: 'responder_proof';
      readonly version: number;
      readonly identity: Identity;
      readonly nonce: Uint8Array;
      readonly signature: Uint8Array;
    }
  | { readonly type: 'initiator_proof'; readonly nonce: Uint8Array; readonly signature: Uint8Array }
  | { readonly type: 'secure' };

/** What proved peers say to each other. */
export type PeerFrame =
  /** What I have durably stored: greeting and cumulative acknowledgement in one. */
  | { readonly type: 'have'; readonly conversation: ConversationId; readonly vector: VectorEntries }
  | { readonly type: 'entries'; readonly conversation: ConversationId; readonly entries: readonly EntryBytes[] }
  /** `count` comes back in an `echo`. */
  | { readonly type: 'beat'; readonly count: number }
  | { readonly type: 'echo'; readonly count: number }
  /** What I am called. */
  | { readonly type: 'profile'; readonly name: string }
  /** I am leaving on purpose. */
  | { readonly type: 'bye' };

export type Frame = HandshakeFrame | PeerFrame;

const CODES = {
  hello: 1,
  responder_proof: 2,
  initiator_proof: 3,
  secure: 4,
  have: 16,
  entries: 17,
  beat: 20,
  echo: 21,
  profile: 24,
  bye: 31,
} as const satisfies Record<Frame['type'], number>;

const TYPES: ReadonlyMap<number, Frame['type']> = new Map(
  Object.entries(CODES).map(([type, code]) => [code, type as Frame['type']]),
);

export const encodeFrame = (frame: Frame): Uint8Array => {
  const writer = new Writer().byte(CODES[frame.type]);
  writeFields(writer, frame);
  return writer.done();
};

const writeFields = (writer: Writer, frame: Frame): void => {
  switch (frame.type) {
    case 'hello':
      writer.bytes(Uint8Array.from(frame.versions));
      writeIdentity(writer, frame.identity);
      writer.fixed(frame.commitment);
      return;
    case 'responder_proof':
      writer.byte(frame.version);
      writeIdentity(writer, frame.identity);
      writer.fixed(frame.nonce).fixed(frame.signature);
      return;
    case 'initiator_proof':
      writer.fixed(frame.nonce).fixed(frame.signature);
      return;
    case 'have':
      writer
        .fixed(idBytes(frame.conversation))
        .list(frame.vector, (w, at) => w.fixed(idBytes(at.author)).number(at.epoch).number(at.seq));
      return;
    case 'entries':
      writer.fixed(idBytes(frame.conversation)).list(frame.entries, writeEntry);
      return;
    case 'beat':
    case 'echo':
      writer.number(frame.count);
      return;
    case 'profile':
      writer.text(frame.name);
      return;
    case 'secure':
    case 'bye':
      return;
    default:
      unreachable(frame);
  }
};

/** Bytes of a list's shortest item bound how many a frame can hold; the frame's own size bounds the rest. */
const ENTRIES_PER_FRAME_MAX = 1024;
const UTF8_PER_CODE_POINT = 4;

export const decodeFrame = (bytes: Uint8Array): Result<Frame, 'malformed'> =>
  decode(bytes, (reader) => {
    reader.require(bytes.length <= PEER_FRAME_MAX_BYTES);
    const type = TYPES.get(reader.byte());
    reader.require(type !== undefined);
    return readFields(reader, type as Frame['type']);
  });

const readFields = (reader: Reader, type: Frame['type']): Frame => {
  switch (type) {
    case 'hello': {
      const versions = [...reader.bytes(16)];
      return { type, versions, identity: readIdentity(reader), commitment: reader.fixed(COMMITMENT_BYTES) };
    }
    case 'responder_proof':
      return {
        type,
        version: reader.byte(),
        identity: readIdentity(reader),
        nonce: reader.fixed(HANDSHAKE_NONCE_BYTES),
        signature: reader.fixed(SIGNATURE_BYTES),
      };
    case 'initiator_proof':
      return { type, nonce: reader.fixed(HANDSHAKE_NONCE_BYTES), signature: reader.fixed(SIGNATURE_BYTES) };
    case 'have': {
      const conversation = conversationIdOf(reader.fixed(32));
      const vector = reader.list(VECTOR_MAX_LOGS, readPosition);
      reader.require(distinctLogs(vector));
      return { type, conversation, vector };
    }
    case 'entries':
      return {
        type,
        conversation: conversationIdOf(reader.fixed(32)),
        entries: reader.list(ENTRIES_PER_FRAME_MAX, readEntry),
      };
    case 'beat':
    case 'echo':
      return { type, count: reader.number() };
    case 'profile':
      return { type, name: reader.text(NAME_MAX_CODE_POINTS * UTF8_PER_CODE_POINT) };
    case 'secure':
    case 'bye':
      return { type };
    default:
      return unreachable(type);
  }
};

export const isHandshakeFrame = (frame: Frame): frame is HandshakeFrame => CODES[frame.type] <= CODES.secure;
