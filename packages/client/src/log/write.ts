import {
  assert,
  bodyHash,
  type ConversationId,
  type DeviceId,
  decodeBody,
  ENTRY_DEPS_MAX,
  type EntryBody,
  type EntryHeader,
  encodeBody,
  encodeHeader,
  entryId,
  entrySigns,
  entrySize,
  WALL_MAX_MS,
} from '@earshot/protocol';
import type { Crypto, SigningKey } from '../ports/index.ts';
import { type Draft, place } from './draft.ts';
import type { Head } from './stored.ts';
import { logKey, positionKey } from './vector.ts';
import type { ReadEntry } from './verify.ts';

export interface Author {
  readonly crypto: Crypto;
  readonly conversation: ConversationId;
  readonly self: DeviceId;
  readonly device: SigningKey;
  readonly epoch: number;
}

/** What is to be said, and when, ms since 1970. */
export interface Words {
  readonly body: Extract<EntryBody, { kind: 'text' }>;
  readonly wall: number;
}

/** Numbers, chains and signs entries upon what the draft has. Nothing of them may leave this device before the draft is durable. */
export const write = async (draft: Draft, author: Author, words: readonly Words[]): Promise<readonly ReadEntry[]> => {
  const unsigned = chain(draft, author, words);
  const signatures = await Promise.all(unsigned.map(({ entry }) => author.device.sign(entrySigns(entry.header))));
  const written = unsigned.map((read, i): ReadEntry => {
    const signature = signatures[i];
    assert(signature, 'one signature for each entry');
    const entry = { ...read.entry, signature };
    return { ...read, entry, bytes: entrySize(entry) };
  });
  for (const entry of written) place(draft, entry);
  return written;
};

const chain = (draft: Draft, author: Author, words: readonly Words[]): readonly Omit<ReadEntry, 'bytes'>[] => {
  const { crypto, conversation, self, epoch } = author;
  const log = logKey({ author: self, epoch });
  const deps = newestOthers(draft, log);
  const head = draft.heads.get(log);
  let [seq, prev, lamport] = [head?.seq ?? 0, head?.id ?? null, head?.lamport ?? 0];
  return words.map(({ body, wall }) => {
    const encoded = encodeBody(body);
    // Read back, for that is what others see. What they would refuse would end this log for good.
    const said = decodeBody(encoded);
    assert(said.ok, 'a body that can’t be read');
    seq += 1;
    lamport = Math.max(lamport, deps[0]?.lamport ?? 0) + 1;
    const header: EntryHeader = {
      conversation,
      author: self,
      epoch,
      seq,
      prev,
      deps,
      lamport,
      wall: wallOf(wall),
      bodyHash: bodyHash(crypto.hash, encoded),
    };
    const bytes = encodeHeader(header);
    prev = entryId(crypto.hash, bytes);
    const entry = { header: bytes, body: encoded, signature: new Uint8Array() };
    return { entry, header, id: prev, body: said.value, log, position: positionKey(header) };
  });
};

/** Where there are more than an entry can name, the greatest lamports: theirs is above all the others'. */
const newestOthers = (draft: Draft, own: string): readonly Head[] =>
  [...draft.heads.entries()]
    .filter(([log]) => log !== own)
    .map(([, head]) => head)
    .sort((a, b) => b.lamport - a.lamport)
    .slice(0, ENTRY_DEPS_MAX);

/** A clock may be anywhere; an entry may not. */
const wallOf = (ms: number): number => Math.min(WALL_MAX_MS, Math.max(0, Math.floor(ms)));
