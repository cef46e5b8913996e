import { toBase64Url } from '../bytes.ts';
import type { ClientMessage } from './client-messages.ts';
import type { ServerMessage } from './server-messages.ts';

/** Looks at the field itself: Node's own kind of bytes would turn into an object of numbers before `value` is handed in. */
function base64UrlBytes(this: Readonly<Record<string, unknown>>, field: string, value: unknown): unknown {
  const bytes = this[field];
  return bytes instanceof Uint8Array ? toBase64Url(bytes) : value;
}

/** One JSON text frame. Bytes travel as base64url. */
export const encodeSignal = (message: ClientMessage | ServerMessage): string => JSON.stringify(message, base64UrlBytes);
