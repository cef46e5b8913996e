/** Every bound of the server, each with its unit and its reason. The sizes of single messages are the protocol's. */
export interface Limits {
  /**
   * A message costs one token and one more for each whole KiB. This many may come at once: somebody who returns with a hundred
   * contacts looks up, offers, and trickles candidates to all of them.
   */
  readonly messageBurst: number;
  /** Tokens that come back each second. */
  readonly messagesPerSecond: number;
  /** Messages over the limit that are dropped before the connection is closed. */
  readonly messagesDroppedMax: number;
  /** Open connections from one address (one IPv4 address, one IPv6 /64). A school or a mobile network may share one. */
  readonly connectionsPerAddress: number;
  /** Registrations from one address that may come at once: all behind it come back together when the server restarts. */
  readonly registrationBurst: number;
  /** Registrations from one address that come back each minute. */
  readonly registrationsPerMinute: number;
  /** How long a connection may stay without a name, ms. */
  readonly registerWithinMs: number;
  /** Devices of one person by one name at once; the oldest connection yields. */
  readonly devicesPerName: number;
  /** Messages, and UTF-16 units of them, that wait while a claim of their connection is verified. */
  readonly waitingMessages: number;
  readonly waitingLength: number;
  /** Names remembered for absent people. Beyond it a new name is held only while its owner is connected. */
  readonly holds: number;
}

export const DEFAULT_LIMITS: Limits = {
  messageBurst: 4_000,
  messagesPerSecond: 100,
  messagesDroppedMax: 1_000,
  connectionsPerAddress: 1_000,
  registrationBurst: 1_000,
  registrationsPerMinute: 120,
  registerWithinMs: 30_000,
  devicesPerName: 16,
  waitingMessages: 64,
  waitingLength: 128 * 1024,
  holds: 1_000_000,
};

/** Expired holds are removed, and those of the present renewed, this often, ms. */
export const HOLDS_EVERY_MS = 6 * 60 * 60 * 1000;
/** A hold isn't written again for less than this, ms: everybody who leaves would be a write. */
export const HOLD_WORTH_MS = 60 * 60 * 1000;
/** Addresses that nobody uses any more are forgotten this often, ms. */
export const ADDRESSES_EVERY_MS = 60_000;
