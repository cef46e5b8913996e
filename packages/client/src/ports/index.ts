import type { Clock } from './clock.ts';
import type { Crypto } from './crypto.ts';
import type { RtcPort } from './rtc.ts';
import type { SocketPort } from './socket.ts';
import type { StoragePort } from './storage.ts';

export * from './clock.ts';
export * from './crypto.ts';
export * from './rtc.ts';
export * from './socket.ts';
export * from './storage.ts';

/** Everything that the engine needs from where it runs. */
export interface Ports {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly socket: SocketPort;
  readonly rtc: RtcPort;
  readonly storage: StoragePort;
}
