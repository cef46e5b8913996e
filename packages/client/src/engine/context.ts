import type { ClientMessage, IceServer, Identity, Name } from '@earshot/protocol';
import type { Conversation } from '../conversations/conversation.ts';
import type { LocalIdentity } from '../identity/types.ts';
import type { Ports } from '../ports/index.ts';

/** What one line needs of the engine around it. */
export interface EngineContext {
  readonly ports: Ports;
  readonly self: LocalIdentity;
  readonly relayOnly: boolean;
  isHere(): boolean;
  name(): Name | null;
  iceServers(): readonly IceServer[];
  /** Whether there is a way to the server now. */
  send(message: ClientMessage): boolean;
  /**
   * Files whom the line has met: `peer` is proved, `null` is a plain client. Answers whether this conversation is theirs
   * and durable; otherwise the session must end.
   */
  met(conversation: Conversation, name: Name, peer: Identity | null): Promise<boolean>;
  /** A proved peer says what it is called. */
  renamed(conversation: Conversation, name: string): void;
  notProved(conversation: Conversation): void;
  /** Something that a person sees has changed. */
  changed(): void;
}
