import { type ConversationId, type EntryBytes, entrySize, type LogId } from '@earshot/protocol';
import type { StorageKey, StoragePort, StoredItem } from '../ports/index.ts';

/*
 * A log lies in the store in segments: what one commit brought of it, under the number of its last entry. Browsers' stores
 * take their time by the item much more than by the byte.
 */

/** A segment is read as a whole, so it is bounded in entries and bytes; one entry always fits. */
const SEGMENT_MAX_ENTRIES = 64;
const SEGMENT_MAX_BYTES = 64 * 1024;
/** Segments in one read: few at first, for there may be one entry in each or many. */
const FIRST_READ_SEGMENTS = 4;
const READ_MAX_SEGMENTS = 16;

const segmentPrefix = (conversation: ConversationId, log: LogId): StorageKey => [
  'log',
  conversation,
  log.author,
  log.epoch,
];

/** Entries of one log that follow each other; `firstSeq` is the number of the first. */
export const segmentItems = (
  conversation: ConversationId,
  log: LogId,
  firstSeq: number,
  entries: readonly EntryBytes[],
): readonly StoredItem[] => {
  const items: StoredItem[] = [];
  let segment: EntryBytes[] = [];
  let bytes = 0;
  for (const [i, { header, body, signature }] of entries.entries()) {
    segment.push({ header, body, signature });
    bytes += header.length + body.length + signature.length;
    const next = entries[i + 1];
    const full = segment.length === SEGMENT_MAX_ENTRIES || (next && bytes + entrySize(next) > SEGMENT_MAX_BYTES);
    if (next && !full) continue;
    items.push({ key: [...segmentPrefix(conversation, log), firstSeq + i], value: segment });
    segment = [];
    bytes = 0;
  }
  return items;
};

/** Entries of one log after `seq` up to `last`, as far as about `bytes` reach, but at least one where there is one. Rejects as the store does. */
export const readSegments = async (
  storage: StoragePort,
  conversation: ConversationId,
  log: LogId,
  range: { readonly after: number; readonly last: number; readonly bytes: number },
): Promise<readonly EntryBytes[]> => {
  const prefix = segmentPrefix(conversation, log);
  const found: EntryBytes[] = [];
  let bytes = 0;
  let after = range.after;
  let limit = Math.min(FIRST_READ_SEGMENTS, range.last - range.after);
  while (after < range.last && (found.length === 0 || bytes < range.bytes)) {
    const items = await storage.list(prefix, { after: [...prefix, after], limit });
    for (const { key, value } of items) {
      const segment = value as readonly EntryBytes[];
      const segmentEnd = Number(key.at(-1));
      for (const [i, entry] of segment.entries()) {
        const seq = segmentEnd - segment.length + 1 + i;
        if (seq <= range.after || seq > range.last) continue;
        found.push(entry);
        bytes += entrySize(entry);
      }
      after = segmentEnd;
    }
    if (items.length < limit) break;
    limit = READ_MAX_SEGMENTS;
  }
  return found;
};
