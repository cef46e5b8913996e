import { type ClientMessage, encodeSignal, foldName, type Name, unreachable } from '@earshot/protocol';
import { descriptionLiteral } from './description-literal.ts';
import type { Directory } from './directory.ts';
import type { Guest } from './guest.ts';
import { passOn, type Speaker, withdraw } from './speech.ts';

type Addressed = Exclude<ClientMessage, { type: 'ping' | 'store_user' }>;

/**
 * Passes on what a guest with a name says to others. Who isn't here is the same as who never was. `text` is what the message was
 * parsed from.
 */
export const relay = (
  directory: Directory<Guest>,
  guest: Guest,
  speaker: Speaker,
  message: Addressed,
  text: string,
): void => {
  const target = directory.find(foldName(message.target), 'device' in message ? message.device : undefined);
  switch (message.type) {
    case 'start_transfer':
      return lookUp(guest, message.target, target);
    case 'create_offer':
      if (!target) return guest.refuse('target_unavailable', message);
      return describeTo(target, 'offer_received', speaker, message, text);
    case 'create_answer':
      return target && describeTo(target, 'answer_received', speaker, message, text);
    case 'ice_candidate': {
      const data = JSON.stringify(message.data);
      return target?.hear(passOn('ice_candidate', speaker, data, message.attempt, target.key !== null));
    }
    case 'decline':
    case 'cancel': {
      // Plain clients know neither word.
      const type = message.type === 'decline' ? 'declined' : 'cancelled';
      return target?.key ? target.hear(withdraw(type, speaker, message.attempt)) : undefined;
    }
    default:
      return unreachable(message);
  }
};

const describeTo = (
  target: Guest,
  type: 'offer_received' | 'answer_received',
  speaker: Speaker,
  { data, attempt }: Extract<Addressed, { type: 'create_offer' | 'create_answer' }>,
  text: string,
): void => {
  const written = descriptionLiteral(text) ?? JSON.stringify(data.sdp);
  target.hear(passOn(type, speaker, written, attempt, target.key !== null));
};

const lookUp = (guest: Guest, target: Name, found: Guest | undefined): void => {
  const data = found ? target : null;
  if (!guest.key) return guest.hear(encodeSignal({ type: 'transfer_response', data }));
  const key = found?.key ? { key: found.key } : {};
  guest.hear(encodeSignal({ type: 'transfer_response', data, target, ...key }));
};
