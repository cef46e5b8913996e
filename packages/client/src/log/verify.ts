import {
  bodyHash,
  type ConversationId,
  decodeBody,
  decodeHeader,
  type EntryBody,
  type EntryBytes,
  type EntryHeader,
  type EntryId,
  entryId,
  entrySigns,
  entrySize,
  equalBytes,
  type Hash,
  idBytes,
  type Verify,
} from '@earshot/protocol';
import type { LoggedMessage } from './types.ts';
import { type LogKey, logKey, positionKey } from './vector.ts';

/** An entry read and fitting together. Whether its author signed it and where it belongs is another question. */
export interface ReadEntry {
  readonly entry: EntryBytes;
  readonly header: EntryHeader;
  readonly id: EntryId;
  readonly body: EntryBody;
  readonly log: LogKey;
  readonly position: string;
  /** Header, body and signature, bytes. */
  readonly bytes: number;
}

/** `undefined` where the bytes aren't an entry of this conversation or its body isn't the one that was signed. */
export const readEntryBytes = (hash: Hash, conversation: ConversationId, entry: EntryBytes): ReadEntry | undefined => {
  const header = decodeHeader(entry.header);
  if (!header.ok || header.value.conversation !== conversation) return undefined;
  const body = decodeBody(entry.body);
  if (!body.ok || !equalBytes(bodyHash(hash, entry.body), header.value.bodyHash)) return undefined;
  return {
    entry,
    header: header.value,
    id: entryId(hash, entry.header),
    body: body.value,
    log: logKey(header.value),
    position: positionKey(header.value),
    bytes: entrySize(entry),
  };
};

export const signedByAuthor = (verify: Verify, { entry, header }: ReadEntry): Promise<boolean> =>
  verify(idBytes(header.author), entrySigns(entry.header), entry.signature);

export const loggedMessage = ({ header, id, body }: ReadEntry): LoggedMessage => {
  const { author, epoch, seq, lamport, wall } = header;
  return { id, place: { lamport, author, epoch, seq }, wall, body };
};
