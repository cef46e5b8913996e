import type { Batch, StorageKey } from '@earshot/client';
import { type CommitFate, createMemoryDisk, type MemoryDisk, type MemoryStorage } from '@earshot/client/memory';
import { decodeBody, decodeHeader, type EntryBytes, type EntryHeader, entryId, type Hash } from '@earshot/protocol';

export interface DiskWatch {
  readonly hash: Hash;
  /** An entry is durable now. */
  entry(header: EntryHeader, id: string, text: string | null): void;
}

/** One device's disk, which outlives its processes, and what a look at it would find. */
export class Disk {
  readonly #disk: MemoryDisk = createMemoryDisk();
  readonly #watch: DiskWatch;
  /** The texts of stored entries, by their key. */
  readonly #texts = new Map<string, readonly string[]>();
  readonly #stored = new Set<string>();

  constructor(watch: DiskWatch) {
    this.#watch = watch;
  }

  /** `fate` is asked at each commit; `crashed` is told where it killed the process. */
  open(fate: (batch: Batch) => CommitFate, crashed: () => void): MemoryStorage {
    return this.#disk.open({
      fate: (batch) => {
        const chosen = fate(batch);
        if (chosen === 'done' || chosen === 'broken_after' || chosen === 'crash_after') this.#applied(batch);
        return chosen;
      },
      crashed,
    });
  }

  /** Whether an entry with this text is stored now. */
  has(text: string): boolean {
    return this.#stored.has(text);
  }

  #applied(batch: Batch): void {
    for (const key of batch.deletes ?? []) this.#forget(nameOf(key));
    for (const { key, value } of batch.puts ?? []) {
      this.#forget(nameOf(key));
      const texts = entriesIn(value).flatMap((entry) => this.#entry(entry));
      if (texts.length > 0) this.#texts.set(nameOf(key), texts);
    }
  }

  /** The text of one entry, if it has any. */
  #entry({ header, body }: EntryBytes): readonly string[] {
    const decoded = decodeHeader(header);
    if (!decoded.ok) return [];
    const said = decodeBody(body);
    const text = said.ok && said.value.kind === 'text' ? said.value.text : null;
    if (text !== null) this.#stored.add(text);
    this.#watch.entry(decoded.value, entryId(this.#watch.hash, header), text);
    return text === null ? [] : [text];
  }

  #forget(name: string): void {
    for (const text of this.#texts.get(name) ?? []) this.#stored.delete(text);
    this.#texts.delete(name);
  }
}

/** The entries in a stored value, however it holds them. */
const entriesIn = (value: unknown): readonly EntryBytes[] =>
  Array.isArray(value) ? value.filter(isEntry) : isEntry(value) ? [value] : [];

const nameOf = (key: StorageKey): string => key.join('\n');

const isEntry = (value: unknown): value is EntryBytes =>
  typeof value === 'object' &&
  value !== null &&
  'header' in value &&
  value.header instanceof Uint8Array &&
  'body' in value &&
  value.body instanceof Uint8Array &&
  'signature' in value;
