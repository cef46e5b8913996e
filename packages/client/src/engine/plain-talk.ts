import type { LooseSource } from '../conversations/loose-source.ts';
import type { PlainSession, PlainSessionHandlers } from '../plain/plain-session.ts';
import type { SessionSignal } from '../session/types.ts';
import type { Talk, TalkHandlers } from './keyed-talk.ts';

/** Texts kept while the conversation is being filed. */
const EARLY_TEXTS_MAX = 64;

/** A session with a client without keys: bare texts both ways. */
export class PlainTalk implements Talk {
  readonly #session: PlainSession;
  #source: LooseSource | null = null;
  /** Texts that came before {@link use}; the other side may speak as soon as its own channel opens. */
  readonly #early: string[] = [];
  #unsubscribe: () => void = () => undefined;
  #sending: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(open: (handlers: PlainSessionHandlers) => PlainSession, handlers: TalkHandlers) {
    this.#session = open({
      signal: (signal) => handlers.signal(signal),
      opened: () => {
        handlers.opened();
        handlers.ready(null, null);
      },
      received: (text) => this.#received(text),
      path: (path) => handlers.path(path),
      ended: (reason) => {
        this.#unsubscribe();
        handlers.ended(reason);
      },
    });
  }

  handle(signal: SessionSignal): void {
    this.#session.handle(signal);
  }

  use(source: LooseSource): void {
    this.#source = source;
    for (const text of this.#early.splice(0)) this.#received(text);
    this.#unsubscribe = source.subscribe((change) => {
      if (change.type === 'added') this.#sendQueued(source);
    });
    this.#sendQueued(source);
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#session.close();
  }

  #received(text: string): void {
    if (this.#source) void this.#source.receive(text);
    else if (this.#early.length < EARLY_TEXTS_MAX) this.#early.push(text);
  }

  /** One after another, in order; each is marked before the next goes. */
  #sendQueued(source: LooseSource): void {
    this.#sending = this.#sending.then(async () => {
      for (const message of source.queued()) {
        if (this.#closed || !this.#session.send(message.text)) return;
        await source.sent(message);
      }
    });
  }
}
