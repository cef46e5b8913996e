/** Every way in which the server says no, with what it means for whoever asked. */
export const SIGNAL_ERRORS = {
  not_json: 'The frame is not a JSON object in a text frame.',
  too_large: 'The frame is larger than the server takes.',
  unknown_type: 'The server does not know this type of message.',
  invalid: 'The message lacks a field or holds one of the wrong shape.',
  name_invalid: 'A name has 1 to 40 printable characters.',
  not_registered: 'Register a name first.',
  already_registered: 'This connection has another name already.',
  claim_invalid: 'The proof of the key does not fit this server, name and challenge.',
  plain_refused: 'This server takes clients with keys only.',
  target_unavailable: 'Nobody is here by this name now.',
  rate_limited: 'Too many messages in too short a time; go on more slowly.',
  too_many_connections: 'Too many connections from this address.',
  shutting_down: 'The server restarts; connect again in a moment.',
} as const;

export type SignalErrorCode = keyof typeof SIGNAL_ERRORS;
