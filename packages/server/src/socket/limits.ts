import { SIGNAL_FRAME_MAX_BYTES } from '@earshot/protocol';

/** Every bound of the socket shell, each with its unit and its reason. */

/** Beyond this a frame isn't even read, bytes: the connection closes (1009). Between it and the protocol's limit it is answered. */
export const PAYLOAD_MAX_BYTES = 2 * SIGNAL_FRAME_MAX_BYTES;
/** Fragments of one message. Browsers send a message of our sizes in one. */
export const FRAGMENTS_MAX = 16;
/** Pieces in which one message may arrive from the network. A full frame over a poor link comes in about sixty. */
export const CHUNKS_MAX = 256;
/** Answers to a client's own pings that may wait for it to read them. */
export const PENDING_PONGS_MAX = 8;
/** A client's own pings between two of ours. Each costs an answer and is outside of the limit for messages. */
export const PINGS_MAX = 120;

/** Bytes that may wait in the process for one slow reader, beyond what the system's socket buffer takes. */
export const WAITING_MAX_BYTES = 1024 * 1024;
/** What each waiting write costs beside its bytes, bytes: many small ones must not cost more than they are counted for. */
export const WAITING_WRITE_BYTES = 512;
/** Bytes that may wait for any reader, whatever waits for the others: a full frame. */
export const WAITING_SHARE_BYTES = 32 * 1024;
/** Bytes that may wait for all who are beyond their share. With 500 that don't read, shares and this make 32 MiB. */
export const WAITING_TOTAL_MAX_BYTES = 16 * 1024 * 1024;
/** What is said to one client in a turn of the event loop is written at once, or earlier at this length, UTF-16 units. */
export const TURN_MAX_LENGTH = 64 * 1024;

/** Each client is pinged once in this time, ms: proxies drop what is silent for a minute. */
export const HEARTBEAT_MS = 25_000;
/** Parts of that time between which the pings are spread: all at once would be a jam. */
export const HEARTBEAT_SLOTS = 100;
/** How long a closing connection may take to say goodbye, ms. */
export const GOODBYE_MAX_MS = 1_000;

/** All connections of the process. What a machine of 2 GiB carries with room to spare. */
export const CONNECTIONS_MAX = 50_000;
