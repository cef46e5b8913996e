import { Violation } from './violation.ts';

/** Timers that one process may have waiting: a few for the link, each line and each session. */
export const TIMERS_MAX = 48;
/** Peer connections that one process may have open for each conversation: the one in use, one that may take over, one on its way out. */
export const CONNECTIONS_PER_CONVERSATION_MAX = 3;
/** Requests on a screen. */
const REQUESTS_MAX = 16;

export interface Held {
  readonly who: string;
  readonly timers: number;
  readonly connections: number;
  readonly conversations: number;
  readonly requests: number;
}

/** What one process holds now is no more than it may. */
export const checkBounds = ({ who, timers, connections, conversations, requests }: Held): void => {
  if (timers > TIMERS_MAX) throw new Violation('bounded', `${who} has ${timers} timers`);
  if (connections > CONNECTIONS_PER_CONVERSATION_MAX * Math.max(1, conversations)) {
    throw new Violation('bounded', `${who} has ${connections} connections for ${conversations} conversations`);
  }
  if (requests > REQUESTS_MAX) throw new Violation('bounded', `${who} shows ${requests} requests`);
};
