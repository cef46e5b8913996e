/** Every bound of the wire, each with its unit and its reason. Nothing else in Earshot invents a number of its own. */

/** Longest name, in Unicode code points. Long enough for a full name, short enough for a phone's title bar. */
export const NAME_MAX_CODE_POINTS = 40;
/** Longest text that is looked at as a name before it is normalised, UTF-16 units. */
export const NAME_MAX_LENGTH = 256;

/** Largest signalling frame, bytes. An offer with every candidate in it is under 8 KiB. */
export const SIGNAL_FRAME_MAX_BYTES = 32 * 1024;
/** Longest frame that a client takes from its server, UTF-16 units: a full client frame, with who sent it written in. */
export const SERVER_FRAME_MAX_LENGTH = 2 * SIGNAL_FRAME_MAX_BYTES;
/** Servers for connectivity in one list, and the longest of each of their strings, UTF-16 units. */
export const ICE_SERVERS_MAX = 16;
export const ICE_SERVER_TEXT_MAX_LENGTH = 512;
/** Longest SDP, UTF-16 units. */
export const SDP_MAX_LENGTH = 24 * 1024;
/** Longest candidate line, UTF-16 units (RFC 8839 lines are under 300). */
export const CANDIDATE_MAX_LENGTH = 1024;
/** Candidates kept for a description that hasn't come yet, per attempt. Browsers gather under 30. */
export const CANDIDATES_MAX = 64;
/** Length of an attempt's id, characters: 96 random bits in base64url. */
export const ATTEMPT_ID_LENGTH = 16;

/** How long a caller waits for the other person's decision, ms. */
export const DECISION_MAX_MS = 120_000;
/** From an answer to the open channel, ms. A browser may stay `new` for ever when no pair is usable. */
export const CONNECT_MAX_MS = 20_000;
/** From the open channel to the end of the handshake, ms. */
export const HANDSHAKE_MAX_MS = 10_000;
/** All bytes that an unproved peer may send, bytes. */
export const HANDSHAKE_MAX_BYTES = 4 * 1024;

/** Largest frame between peers, bytes. Under the 256 KiB that every browser takes (RFC 8841). */
export const PEER_FRAME_MAX_BYTES = 64 * 1024;
/** Entries are batched into frames of about this size, bytes: three times faster than a frame an entry. */
export const ENTRIES_FRAME_TARGET_BYTES = 16 * 1024;
/** Longest text of one message, bytes of UTF-8. */
export const TEXT_MAX_BYTES = 16 * 1024;
/** Largest entry, header, body and signature together, bytes. */
export const ENTRY_MAX_BYTES = 24 * 1024;
/** Other authors' heads that one entry may name. */
export const ENTRY_DEPS_MAX = 64;
/** Latest time that an entry may claim, ms since 1970: the last that platforms can show (ECMA-262, time values). */
export const WALL_MAX_MS = 8_640_000_000_000_000;
/** Logs in one version vector. */
export const VECTOR_MAX_LOGS = 256;

/** Entries that may be sent and not yet acknowledged, per conversation and peer. */
export const SYNC_WINDOW_ENTRIES = 64;
/** Bytes that may be sent and not yet acknowledged, per conversation and peer. One entry may always go. */
export const SYNC_WINDOW_BYTES = 256 * 1024;
/** Entries held because something before them is missing, per conversation and peer. */
export const SYNC_HELD_MAX_ENTRIES = 256;

/** Bytes that may wait in a data channel before a sender pauses, and where it goes on. */
export const CHANNEL_HIGH_WATER_BYTES = 1024 * 1024;
export const CHANNEL_LOW_WATER_BYTES = 512 * 1024;

/** A peer says something at least this often, ms. */
export const BEAT_EVERY_MS = 5_000;
/** Silence that ends a session, ms: over twice what a browser needs to say `disconnected`. */
export const BEAT_SILENCE_MAX_MS = 20_000;
/** Texts kept for a name whose key isn't known yet. */
export const WAITING_MAX_TEXTS = 1_000;
/** Requests that wait for a person's decision at once; more are refused. */
export const REQUESTS_MAX = 16;
