import { type ClientMessage, type DeviceId, encodeSignal, foldName, type Name, unreachable } from '@earshot/protocol';
import type { Directory } from './directory.ts';
import type { Guest } from './guest.ts';
import { passOn, type Speaker, withdraw } from './speech.ts';

type Addressed = Exclude<ClientMessage, { type: 'ping' | 'store_user' }>;

/** Passes on what a guest with a name says to others. Who isn't here is the same as who never was. */
export const relay = (directory: Directory<Guest>, guest: Guest, speaker: Speaker, message: Addressed): void => {
  const find = (target: Name, device?: DeviceId): Guest | undefined => directory.find(foldName(target), device);
  switch (message.type) {
    case 'start_transfer':
      return lookUp(guest, message.target, find(message.target));
    case 'create_offer': {
      const target = find(message.target, message.device);
      if (!target) return guest.refuse('target_unavailable', message);
      return target.hear(passOn('offer_received', speaker, message.data.sdp, message.attempt, target.key !== null));
    }
    case 'create_answer': {
      const target = find(message.target, message.device);
      return target?.hear(passOn('answer_received', speaker, message.data.sdp, message.attempt, target.key !== null));
    }
    case 'ice_candidate': {
      const target = find(message.target, message.device);
      return target?.hear(passOn('ice_candidate', speaker, message.data, message.attempt, target.key !== null));
    }
    case 'decline':
    case 'cancel': {
      // Plain clients know neither word.
      const target = find(message.target, message.device);
      const type = message.type === 'decline' ? 'declined' : 'cancelled';
      return target?.key ? target.hear(withdraw(type, speaker, message.attempt)) : undefined;
    }
    default:
      return unreachable(message);
  }
};

const lookUp = (guest: Guest, target: Name, found: Guest | undefined): void => {
  const data = found ? target : null;
  if (!guest.key) return guest.hear(encodeSignal({ type: 'transfer_response', data }));
  const key = found?.key ? { key: found.key } : {};
  guest.hear(encodeSignal({ type: 'transfer_response', data, target, ...key }));
};
