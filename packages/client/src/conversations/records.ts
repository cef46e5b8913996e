import { type Identity, type Name, type PersonId, toBase64Url, type VectorEntries } from '@earshot/protocol';
import type { ConversationKey, ConversationWith } from '../engine-types.ts';
import type { Crypto, StorageKey } from '../ports/index.ts';

/** What this device files about a conversation, as it is stored. Messages are kept apart. */
export interface ConversationRecord {
  readonly key: ConversationKey;
  /** By which the other is looked up; a label, no proof. */
  readonly name: Name;
  readonly with: ConversationWith;
  readonly standing: 'accepted' | 'blocked';
  /** Devices that have proved to be the person's, newest last. */
  readonly devices: readonly Identity[];
  readonly compared: boolean;
  /** What the person still has to know, and survives a restart. */
  readonly open: 'declined' | 'not_proved' | { readonly keyChanged: PersonId } | null;
  /** A key that took the name over and that the person decided against. */
  readonly refusedKey: PersonId | null;
  readonly read: ReadMark;
  /** ms since 1970: orders conversations in which nothing was written yet. */
  readonly created: number;
}

/** Up to where the person has read: in logs, and in loose messages by number. */
export interface ReadMark {
  readonly logs: VectorEntries;
  readonly loose: number;
}

export const NOTHING_READ: ReadMark = { logs: [], loose: 0 };

/** Devices kept per person: more than anybody owns, few enough to keep in memory. */
export const DEVICES_MAX = 16;

export const SELF_KEY: StorageKey = ['self'];
export const CONVERSATIONS: StorageKey = ['conversation'];
export const recordKey = (key: ConversationKey): StorageKey => [...CONVERSATIONS, key];
export const looseKeys = (key: ConversationKey): StorageKey => ['loose', key];

export const newConversationKey = (crypto: Pick<Crypto, 'random'>): ConversationKey =>
  toBase64Url(crypto.random(12)) as ConversationKey;
