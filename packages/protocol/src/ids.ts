import { fromBase64Url, toBase64Url } from './bytes.ts';
import { NAME_MAX_CODE_POINTS, NAME_MAX_LENGTH } from './limits.ts';
import { fail, ok, type Result } from './result.ts';

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A person: their Ed25519 public key, base64url. */
export type PersonId = Brand<string, 'PersonId'>;
/** One device of a person: its Ed25519 public key, base64url. */
export type DeviceId = Brand<string, 'DeviceId'>;
/** A conversation: a hash over who takes part, base64url. */
export type ConversationId = Brand<string, 'ConversationId'>;
/** An entry: the hash of its header, base64url. */
export type EntryId = Brand<string, 'EntryId'>;
/** One try to connect, chosen at random by the caller. */
export type AttemptId = Brand<string, 'AttemptId'>;
/** What a person is called: normalised and harmless to show, but no proof of anything. */
export type Name = Brand<string, 'Name'>;

const KEY_BYTES = 32;
const isKey = (text: string): boolean => text.length === 43 && fromBase64Url(text)?.length === KEY_BYTES;

export const parsePersonId = (text: string): PersonId | undefined => (isKey(text) ? (text as PersonId) : undefined);
export const parseDeviceId = (text: string): DeviceId | undefined => (isKey(text) ? (text as DeviceId) : undefined);

export const personIdOf = (key: Uint8Array): PersonId => toBase64Url(key) as PersonId;
export const deviceIdOf = (key: Uint8Array): DeviceId => toBase64Url(key) as DeviceId;
export const conversationIdOf = (hash: Uint8Array): ConversationId => toBase64Url(hash) as ConversationId;
export const entryIdOf = (hash: Uint8Array): EntryId => toBase64Url(hash) as EntryId;

/** The 32 bytes behind an id. */
export const idBytes = (id: PersonId | DeviceId | ConversationId | EntryId): Uint8Array => {
  const bytes = fromBase64Url(id);
  if (bytes?.length !== KEY_BYTES) throw new Error('Bug: an id that was never parsed');
  return bytes;
};

export const attemptIdOf = (random: Uint8Array): AttemptId => toBase64Url(random) as AttemptId;

export type NameFault = 'empty' | 'too_long' | 'not_printable';

/** What most names are made of: nothing to normalise, nothing to refuse. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

/** Joiners and variation selectors: unseen by themselves, but scripts and emoji are written with them. */
const JOINERS = /[\u200c\u200d\ufe00-\ufe0f]/gu;

/**
 * Controls, lone surrogates, non-characters, the empty braille cell, interlinear marks, and everything that Unicode calls
 * ignorable (it turns the direction of text or hides in it) but the joiners.
 */
const NOT_PRINTABLE =
  /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u2800\ufff9-\ufffb]|(?![\u200c\u200d\ufe00-\ufe0f])\p{Default_Ignorable_Code_Point}/u;

/** A name of marks and joiners alone would be an empty place on the screen. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** The name as everybody shows it: NFC, one space between words (SPEC.md, section 2). */
export const parseName = (text: string): Result<Name, NameFault> => {
  if (text.length <= NAME_MAX_CODE_POINTS && PLAIN.test(text)) return ok(text as Name);
  if (text.length > NAME_MAX_LENGTH) return fail('too_long');
  const name = text.normalize('NFC').trim().replace(/\s+/gu, ' ');
  if (name === '') return fail('empty');
  if ([...name].length > NAME_MAX_CODE_POINTS) return fail('too_long');
  if (NOT_PRINTABLE.test(name) || !VISIBLE.test(name)) return fail('not_printable');
  return ok(name as Name);
};

/** Names that read alike are one name to the server: compatibility forms, case and joiners are folded away (SPEC.md, section 2). */
export const foldName = (name: Name): string => {
  if (PLAIN.test(name)) return name.toLowerCase();
  // Down, up, down: ẞ, ß and ss meet only this way.
  const compatible = name.normalize('NFKC').replace(JOINERS, '');
  return compatible.toLowerCase().toUpperCase().toLowerCase().normalize('NFKC');
};
