import {
  bodyHash,
  type ConversationId,
  conversationIdOf,
  type DeviceId,
  deviceIdOf,
  type EntryBody,
  type EntryBytes,
  type EntryHeader,
  encodeBody,
  encodeHeader,
  entryId,
  entrySigns,
  SALT_BYTES,
} from '@earshot/protocol';
import { createMemoryCrypto } from '../memory/crypto.ts';
import { createMemoryDisk, type MemoryDisk } from '../memory/storage.ts';
import type { Crypto, SigningKey, StoragePort } from '../ports/index.ts';
import { openLog } from './log.ts';
import type { ConversationLog } from './types.ts';

/** A device of a test's conversation: its key, its disk, and a log on it as often as it is started. */
export interface RigDevice {
  readonly id: DeviceId;
  readonly key: SigningKey;
  readonly disk: MemoryDisk;
  /** Another process, on the same disk if not told otherwise. */
  start(storage?: StoragePort): Promise<ConversationLog>;
}

export interface Rig {
  readonly crypto: Crypto;
  readonly conversation: ConversationId;
  readonly devices: readonly RigDevice[];
  /** Has a key and no part in the conversation. */
  readonly stranger: RigDevice;
  text(text: string): Extract<EntryBody, { kind: 'text' }>;
  /** Signs whatever it is told to, as no honest device would. Answers the entry and what the next needs to know of it. */
  forge(by: RigDevice, header: Partial<EntryHeader>, body?: Uint8Array): Promise<Forged>;
}

export interface Forged {
  readonly entry: EntryBytes;
  readonly header: EntryHeader;
  readonly id: EntryHeader['deps'][number]['id'];
}

/** A conversation among `count` devices, for tests. */
export const createRig = async (count: number, crypto: Crypto = createMemoryCrypto(count)): Promise<Rig> => {
  const conversation = conversationIdOf(crypto.hash(crypto.random(32)));
  const authors = new Set<DeviceId>();
  const device = async (): Promise<RigDevice> => {
    const key = await crypto.generateKey('device');
    const id = deviceIdOf(key.publicKey);
    const disk = createMemoryDisk();
    return {
      id,
      key,
      disk,
      start: (storage = disk.open()) =>
        openLog(
          { storage, crypto },
          { conversation, self: id, device: key, epoch: 0, authors: () => authors, now: () => 1_000 },
        ),
    };
  };
  const text: Rig['text'] = (words) => ({ kind: 'text', salt: crypto.random(SALT_BYTES), text: words });
  const devices = await Promise.all(Array.from({ length: count }, device));
  for (const { id } of devices) authors.add(id);
  return {
    crypto,
    conversation,
    devices,
    stranger: await device(),
    text,
    async forge(by, given, body = encodeBody(text('forged'))) {
      const header: EntryHeader = {
        conversation,
        author: by.id,
        epoch: 0,
        seq: 1,
        prev: null,
        deps: [],
        lamport: 1,
        wall: 1_000,
        bodyHash: bodyHash(crypto.hash, body),
        ...given,
      };
      const bytes = encodeHeader(header);
      const entry = { header: bytes, body, signature: await by.key.sign(entrySigns(bytes)) };
      return { entry, header, id: entryId(crypto.hash, bytes) };
    },
  };
};
