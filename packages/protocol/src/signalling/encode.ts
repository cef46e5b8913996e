import { toBase64Url } from '../bytes.ts';
import type { ClientMessage } from './client-messages.ts';
import type { ServerMessage } from './server-messages.ts';

/** One JSON text frame. Bytes travel as base64url. */
export const encodeSignal = (message: ClientMessage | ServerMessage): string =>
  JSON.stringify(message, (_, value: unknown) => (value instanceof Uint8Array ? toBase64Url(value) : value));
