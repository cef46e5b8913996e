import {
  checkText,
  type DeviceId,
  fail,
  type LogPosition,
  ok,
  type Result,
  SALT_BYTES,
  toBase64Url,
  type VectorEntries,
} from '@earshot/protocol';
import type { MessageState, SendFault } from '../engine-types.ts';
import type { ConversationLog, LoggedMessage, Place } from '../log/types.ts';
import type { Clock, Crypto, StorageFault } from '../ports/index.ts';
import type { ReadMark } from './records.ts';
import type { Item, MessageSource, Order, SourceChange } from './source.ts';

/** The log's order as a tuple: lamport, then author, epoch, seq. */
const orderOf = (place: Place): Order => [place.lamport, place.author, place.epoch, place.seq];

const placeOf = (order: Order): Place => {
  const [lamport, author, epoch, seq] = order;
  return { lamport: Number(lamport), author: author as DeviceId, epoch: Number(epoch), seq: Number(seq) };
};

export const sendFaultOf = (fault: StorageFault): SendFault => (fault === 'full' ? 'storage_full' : 'storage_broken');

const seqIn = (vector: VectorEntries, log: LogPosition): number =>
  vector.find((at) => at.author === log.author && at.epoch === log.epoch)?.seq ?? 0;

/** Messages out of a conversation's logs. */
export class LogSource implements MessageSource {
  readonly log: ConversationLog;
  readonly #self: DeviceId;
  readonly #ports: { readonly crypto: Crypto; readonly clock: Clock };

  constructor(ports: { readonly crypto: Crypto; readonly clock: Clock }, self: DeviceId, log: ConversationLog) {
    this.#ports = ports;
    this.#self = self;
    this.log = log;
  }

  async page(before: Order | null, limit: number): Promise<readonly Item[]> {
    const messages = await this.log.page(before && placeOf(before), limit);
    return messages.map((message) => this.#item(message));
  }

  state(item: Item): MessageState {
    return this.log.covered(placeOf(item.order)) ? 'delivered' : 'queued';
  }

  async append(text: string): Promise<Result<void, SendFault>> {
    const checked = checkText(text);
    if (!checked.ok) return checked;
    const salt = this.#ports.crypto.random(SALT_BYTES);
    const appended = await this.log.append([{ kind: 'text', salt, text }]);
    return appended.ok ? ok(undefined) : fail(sendFaultOf(appended.error));
  }

  unread(mark: ReadMark): number {
    return this.log
      .vector()
      .filter((at) => at.author !== this.#self)
      .reduce((sum, at) => sum + Math.max(0, at.seq - seqIn(mark.logs, at)), 0);
  }

  everything(): ReadMark {
    return { logs: this.log.vector(), loose: 0 };
  }

  forked(): boolean {
    return this.log.forked().length > 0;
  }

  subscribe(listener: (change: SourceChange) => void): () => void {
    return this.log.subscribe((change) => {
      switch (change.type) {
        case 'appended':
        case 'received':
          return listener({ type: 'added', items: change.messages.map((message) => this.#item(message)) });
        case 'acknowledged':
          return listener({ type: 'states' });
        case 'forked':
          return listener({ type: 'forked' });
      }
    });
  }

  #item({ place, wall, body }: LoggedMessage): Item {
    return {
      order: orderOf(place),
      id: toBase64Url(body.salt),
      from: place.author === this.#self ? 'me' : 'them',
      wall,
      content: body.kind === 'text' ? { kind: 'text', text: body.text } : { kind: 'unknown' },
    };
  }
}
