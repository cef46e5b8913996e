import type { DeviceId, Name, NameFault, PersonId, Result } from '@earshot/protocol';
import type { Observable } from './observable.ts';

/** A conversation as this device files it: random, local, stable for as long as the conversation exists here. */
export type ConversationKey = string & { readonly __brand: 'ConversationKey' };

/** What a person sees of the whole: immutable, replaced as one at each change. */
export interface EngineSnapshot {
  readonly self: Self;
  readonly link: LinkStatus;
  /** Newest activity first. */
  readonly conversations: readonly ConversationSummary[];
  /** Oldest first. */
  readonly requests: readonly IncomingRequest[];
}

export type Self =
  | { readonly state: 'nameless' }
  | { readonly state: 'named'; readonly name: Name; readonly person: PersonId; readonly device: DeviceId };

/** How this device stands with the server. */
export type LinkStatus =
  /** No name yet, so nobody to register. */
  | { readonly state: 'idle' }
  | { readonly state: 'connecting' }
  | { readonly state: 'here' }
  /** The server can't be reached; the next try is under way or waits. Conversations that are connected go on. */
  | { readonly state: 'offline' }
  /** Another key holds the name: choose another. */
  | { readonly state: 'name_taken'; readonly name: Name }
  /** The server refused for a reason that trying again won't mend. */
  | { readonly state: 'refused'; readonly reason: 'claim_invalid' | 'too_many_connections' | 'name_invalid' };

export type ConversationWith =
  /** Somebody of this name who was never met: what is written waits. */
  | { readonly kind: 'name' }
  /** A person, by their key. */
  | { readonly kind: 'person'; readonly person: PersonId }
  /** A client without keys: anybody could be behind the name. Permanently unverified. */
  | { readonly kind: 'plain' };

export interface ConversationSummary {
  readonly key: ConversationKey;
  readonly name: Name;
  readonly with: ConversationWith;
  readonly line: LineStatus;
  readonly last: MessageView | null;
  readonly unread: number;
  readonly notice: ConversationNotice | null;
  /** Whether the two have compared their code and said so. */
  readonly compared: boolean;
}

/** Something about a conversation that its person has to know or decide. */
export type ConversationNotice =
  /** The name is now held by someone with another key. Nothing is sent until the person decides: see `Engine.acceptNewKey` / `keepOldKey`. */
  | { readonly kind: 'key_changed'; readonly person: PersonId }
  /** One device signed two different entries with one number: somebody copied its keys, or its store went back in time. */
  | { readonly kind: 'forked' }
  /** Whoever answered couldn't prove to be this person: somebody may be in the middle. Nothing was said to them. */
  | { readonly kind: 'not_proved' }
  | { readonly kind: 'declined' }
  | { readonly kind: 'blocked' };

/** How the line to the other person stands. */
export type LineStatus =
  /** They aren't here now. What is written waits and goes out by itself. */
  | { readonly state: 'away' }
  /** This device has no network or can't reach the server. */
  | { readonly state: 'offline' }
  /** `asking`: waits for the other person's decision. */
  | { readonly state: 'connecting'; readonly phase: 'looking' | 'asking' | 'opening' | 'verifying' }
  | {
      readonly state: 'direct' | 'relayed';
      readonly roundTripMs: number | null;
      readonly code: readonly number[] | null;
    };

export interface IncomingRequest {
  readonly id: string;
  readonly name: Name;
  /** `null`: a client without keys. */
  readonly person: PersonId | null;
  /** The name is known to belong to another key or was keyed before: say so before anybody accepts. */
  readonly warning: 'name_has_another_key' | null;
}

export type MessageState =
  /** Durable here, nowhere else. */
  | 'queued'
  /** Handed to a plain client, which never says whether it arrived. */
  | 'sent'
  /** Durable at the other person's device. */
  | 'delivered';

export type MessageView = {
  /** Stable for the life of the message, also while it waits for somebody never met. */
  readonly id: string;
  /** ms since 1970 by the author's clock. */
  readonly wall: number;
  readonly content: { readonly kind: 'text'; readonly text: string } | { readonly kind: 'unknown' };
} & ({ readonly from: 'me'; readonly state: MessageState } | { readonly from: 'them' });

/** A window on a conversation's messages that ends at the newest. */
export interface MessageWindow {
  /** In order, oldest first. */
  readonly messages: readonly MessageView[];
  readonly older: 'none' | 'some' | 'loading';
}

export interface OpenConversation {
  readonly window: Observable<MessageWindow>;
  /** Extends the window by a page. */
  loadOlder(): Promise<void>;
  /** What is shown counts as read. */
  markRead(): void;
  /** Idempotent. */
  close(): void;
}

export type SendFault =
  | 'empty'
  | 'too_long'
  | 'storage_full'
  | 'storage_broken'
  | 'unknown_conversation'
  | 'too_many_waiting';
export type NameChoiceFault = NameFault | 'storage_full' | 'storage_broken';
export type ConnectFault = NameFault | 'own_name' | 'storage_full' | 'storage_broken';

/** The engine: all of Earshot but the screen. */
export interface Engine {
  readonly snapshot: Observable<EngineSnapshot>;
  /** First visit, or another name later. The key stays. */
  chooseName(text: string): Promise<Result<Name, NameChoiceFault>>;
  /** Opens the conversation with whoever has this name, makes it where there is none, and begins to connect. */
  connect(text: string): Promise<Result<ConversationKey, ConnectFault>>;
  /** Tries again now: after a decline, or when a person doesn't want to wait. */
  retry(key: ConversationKey): void;
  /** `ok` once it is durable here, and shown. */
  send(key: ConversationKey, text: string): Promise<Result<void, SendFault>>;
  open(key: ConversationKey): OpenConversation | undefined;
  accept(requestId: string): Promise<Result<ConversationKey, 'gone' | 'storage_full' | 'storage_broken'>>;
  decline(requestId: string): void;
  /** Declines, and hears no more of them. */
  block(requestId: string): Promise<void>;
  unblock(key: ConversationKey): Promise<void>;
  /** After `key_changed`: the new key becomes a conversation of its own; the old one keeps its history. */
  acceptNewKey(key: ConversationKey): Promise<void>;
  keepOldKey(key: ConversationKey): Promise<void>;
  /** The two have compared their code or number and it fits. */
  markCompared(key: ConversationKey): Promise<void>;
  /** 60 digits in 12 groups of 5 for a lasting comparison; `null` for who has no key. */
  safetyNumber(key: ConversationKey): string | null;
  /** The platform says that the network changed, came back, or the page woke: look at every line now. */
  networkChanged(): void;
  /** Says goodbye, ends every session and timer. Idempotent. */
  close(): Promise<void>;
}
