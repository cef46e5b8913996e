import { decodeHeader, type EntryBytes, entrySize, type PeerFrame, unreachable } from '@earshot/protocol';
import type { Loaded } from './outgoing.ts';
import { beginSync, type SyncEffect, type SyncEvent, type SyncStep, stepSync } from './syncing.ts';
import type { ConversationLog, LogSync, SyncLink } from './types.ts';

/** Begins to sync `log` with the device at the other end of `link`, and says at once what this device has. */
export const startSync = (log: ConversationLog, link: SyncLink): LogSync => new RunningSync(log, link);

/** Runs what {@link stepSync} decides. */
class RunningSync implements LogSync {
  readonly #log: ConversationLog;
  readonly #link: SyncLink;
  readonly #unsubscribe: () => void;
  readonly #events: SyncEvent[] = [];
  #syncing: SyncStep['syncing'] = { state: 'ended' };
  #running = false;

  constructor(log: ConversationLog, link: SyncLink) {
    this.#log = log;
    this.#link = link;
    this.#unsubscribe = log.subscribe((change) => {
      if (change.type !== 'appended' && change.type !== 'received') return;
      this.#feed({ type: 'grew', vector: log.vector(), by: change.type === 'appended' ? 'self' : 'others' });
    });
    this.#run(() => this.#follow(beginSync(log.vector())));
  }

  handle(frame: Extract<PeerFrame, { type: 'have' | 'entries' }>): void {
    if (frame.type === 'have') this.#feed({ type: 'have', vector: frame.vector });
    else this.#feed({ type: 'entries', entries: frame.entries, bytes: sizeOf(frame.entries) });
  }

  drained(): void {
    this.#feed({ type: 'drained' });
  }

  close(): void {
    this.#feed({ type: 'closed' });
  }

  #feed(event: SyncEvent): void {
    this.#events.push(event);
    this.#run(() => {});
  }

  /** One event after another, also where an effect brings the next. */
  #run(first: () => void): void {
    if (this.#running) return;
    this.#running = true;
    first();
    for (let event = this.#events.shift(); event; event = this.#events.shift()) {
      this.#follow(stepSync(this.#syncing, event));
    }
    this.#running = false;
  }

  #follow({ syncing, effects }: SyncStep): void {
    this.#syncing = syncing;
    if (syncing.state === 'ended') this.#unsubscribe();
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: SyncEffect): void {
    const { conversation } = this.#log;
    switch (effect.type) {
      case 'have':
        return this.#send({ type: 'have', conversation, vector: this.#log.vector() });
      case 'entries':
        return this.#send({ type: 'entries', conversation, entries: effect.entries });
      case 'take':
        return this.#answer(this.#log.receive(effect.entries), { type: 'taken', amount: effect.amount });
      case 'record':
        return this.#answer(this.#log.acknowledge(this.#link.device, effect.vector), { type: 'recorded' });
      case 'load':
        return this.#load(effect);
      case 'fail':
        return this.#link.failed(effect.fault);
      default:
        return unreachable(effect);
    }
  }

  #send(frame: PeerFrame): void {
    const took = this.#link.send(frame);
    this.#feed({ type: 'sent', channel: !took ? 'gone' : this.#link.full() ? 'full' : 'free' });
  }

  #answer(outcome: ReturnType<ConversationLog['receive']>, done: SyncEvent): void {
    void outcome.then(
      (result) => this.#feed(result.ok ? done : { type: 'failed', fault: result.error }),
      (bug: unknown) => {
        this.#feed({ type: 'failed', fault: 'broken' });
        throw bug;
      },
    );
  }

  #load({ after, limit }: Extract<SyncEffect, { type: 'load' }>): void {
    const { author, epoch, seq } = after;
    const log = { author, epoch };
    void this.#log.read(log, seq, limit).then(
      (entries) => this.#feed({ type: 'loaded', log, entries: entries.map(loadedOf) }),
      () => this.#feed({ type: 'failed', fault: 'broken' }),
    );
  }
}

const sizeOf = (entries: readonly EntryBytes[]): number => entries.reduce((sum, entry) => sum + entrySize(entry), 0);

const loadedOf = (entry: EntryBytes): Loaded => {
  const header = decodeHeader(entry.header);
  if (!header.ok) throw new Error('Bug: only entries that were read are stored');
  const { lamport, author, epoch, seq } = header.value;
  return { place: { lamport, author, epoch, seq }, entry, bytes: entrySize(entry) };
};
