import { decode, lengthPrefixed, type Reader, utf8, Writer } from './bytes.ts';
import { type Hash, SIGNATURE_BYTES } from './identity.ts';
import {
  type ConversationId,
  conversationIdOf,
  type DeviceId,
  deviceIdOf,
  type EntryId,
  entryIdOf,
  idBytes,
} from './ids.ts';
import { ENTRY_DEPS_MAX, ENTRY_MAX_BYTES, TEXT_MAX_BYTES, WALL_MAX_MS } from './limits.ts';
import { fail, ok, type Result } from './result.ts';

/** One log: what one device wrote in one epoch of one conversation. An epoch begins where a restored backup goes on. */
export interface LogId {
  readonly author: DeviceId;
  readonly epoch: number;
}

/** A place in a log. Numbers begin at 1. */
export interface LogPosition extends LogId {
  readonly seq: number;
}

export interface EntryHeader extends LogPosition {
  readonly conversation: ConversationId;
  /** The entry before this one in the same log; `null` at number 1. */
  readonly prev: EntryId | null;
  /** The newest entries of the other logs that the author had stored when it wrote this. */
  readonly deps: readonly (LogPosition & { readonly id: EntryId })[];
  /**
   * One more than the greatest of `prev` and `deps`, 1 where there are none; so it is greater than that of every entry that
   * the author had stored. Receivers check it once they have those: nobody can push the count to where it can't be written.
   */
  readonly lamport: number;
  /** The author's clock, ms since 1970. For display alone: order never depends on it. */
  readonly wall: number;
  /** 32 bytes, see {@link bodyHash}. */
  readonly bodyHash: Uint8Array;
}

/** An entry as it is stored and sent: the very bytes that were signed. */
export interface EntryBytes {
  readonly header: Uint8Array;
  readonly body: Uint8Array;
  /** The author's device over {@link entrySigns}. */
  readonly signature: Uint8Array;
}

export const SALT_BYTES = 16;

/** What an entry says. `salt` keeps the hash of an erased body from being guessed, and names the message on the screen. */
export type EntryBody =
  | { readonly kind: 'text'; readonly salt: Uint8Array; readonly text: string }
  | { readonly kind: 'unknown'; readonly salt: Uint8Array; readonly code: number };

const TEXT = 1;

export const encodeBody = (body: Extract<EntryBody, { kind: 'text' }>): Uint8Array =>
  new Writer().fixed(body.salt).byte(TEXT).text(body.text).done();

/** A kind that a newer version wrote is `unknown`: kept, synced and shown as such. */
export const decodeBody = (bytes: Uint8Array): Result<EntryBody, 'malformed'> =>
  decode(bytes, (reader): EntryBody => {
    const salt = reader.fixed(SALT_BYTES);
    const code = reader.byte();
    if (code === TEXT) return { kind: 'text', salt, text: reader.text(TEXT_MAX_BYTES) };
    reader.fixed(reader.left);
    return { kind: 'unknown', salt, code };
  });

export const bodyHash = (hash: Hash, body: Uint8Array): Uint8Array => hash(lengthPrefixed('earshot/body/1', body));
export const entryId = (hash: Hash, header: Uint8Array): EntryId =>
  entryIdOf(hash(lengthPrefixed('earshot/entry-id/1', header)));
export const entrySigns = (header: Uint8Array): Uint8Array => lengthPrefixed('earshot/entry/1', header);

export const encodeHeader = (header: EntryHeader): Uint8Array => {
  const writer = new Writer()
    .fixed(idBytes(header.conversation))
    .fixed(idBytes(header.author))
    .number(header.epoch)
    .number(header.seq);
  if (header.prev !== null) writer.fixed(idBytes(header.prev));
  return writer
    .list(header.deps, (w, dep) =>
      w.fixed(idBytes(dep.author)).number(dep.epoch).number(dep.seq).fixed(idBytes(dep.id)),
    )
    .number(header.lamport)
    .number(header.wall)
    .fixed(header.bodyHash)
    .done();
};

/** A place as it travels: 32 bytes of author, epoch, number. */
export const readPosition = (reader: Reader): LogPosition => {
  const author = deviceIdOf(reader.fixed(32));
  const epoch = reader.number();
  const seq = reader.number();
  reader.require(seq >= 1);
  return { author, epoch, seq };
};

/** Whether no two of these speak of one log. */
export const distinctLogs = (logs: readonly LogId[]): boolean =>
  new Set(logs.map(({ author, epoch }) => `${author} ${epoch}`)).size === logs.length;

export const decodeHeader = (bytes: Uint8Array): Result<EntryHeader, 'malformed'> =>
  decode(bytes, (reader): EntryHeader => {
    const conversation = conversationIdOf(reader.fixed(32));
    const position = readPosition(reader);
    const prev = position.seq === 1 ? null : entryIdOf(reader.fixed(32));
    const deps = reader.list(ENTRY_DEPS_MAX, (r) => ({ ...readPosition(r), id: entryIdOf(r.fixed(32)) }));
    // An entry that needs its own log would wait for itself.
    reader.require(distinctLogs([position, ...deps]));
    const lamport = reader.number();
    reader.require(lamport >= 1);
    const wall = reader.number(WALL_MAX_MS);
    return { conversation, ...position, prev, deps, lamport, wall, bodyHash: reader.fixed(32) };
  });

/** Whether a text may become a message: something to read, and not longer than {@link TEXT_MAX_BYTES}. */
export const checkText = (text: string): Result<string, 'empty' | 'too_long'> => {
  if (text.trim() === '') return fail('empty');
  return utf8(text).length > TEXT_MAX_BYTES ? fail('too_long') : ok(text);
};

export const writeEntry = (writer: Writer, entry: EntryBytes): void => {
  writer.bytes(entry.header).bytes(entry.body).fixed(entry.signature);
};

export const readEntry = (reader: Reader): EntryBytes => {
  const header = reader.bytes(ENTRY_MAX_BYTES);
  const body = reader.bytes(ENTRY_MAX_BYTES);
  const signature = reader.fixed(SIGNATURE_BYTES);
  reader.require(header.length + body.length + signature.length <= ENTRY_MAX_BYTES);
  return { header, body, signature };
};

export const entrySize = (entry: EntryBytes): number =>
  entry.header.length + entry.body.length + entry.signature.length;
