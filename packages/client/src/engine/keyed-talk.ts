import { assert, type DeviceId, type Identity, type PeerFrame } from '@earshot/protocol';
import type { LogSource } from '../conversations/log-source.ts';
import { startSync } from '../log/sync.ts';
import type { LogSync } from '../log/types.ts';
import type { RtcPath } from '../ports/index.ts';
import type { Session, SessionEnd, SessionHandlers, SessionSignal } from '../session/types.ts';

/** Frames kept between the proof and its filing in the store: at most what a sync window lets a peer send. */
const EARLY_FRAMES_MAX = 96;

export interface TalkHandlers {
  signal(signal: SessionSignal): void;
  opened(): void;
  /** For a keyed peer after the proof, for a plain one as soon as it opens. */
  ready(peer: Identity | null, code: readonly number[] | null): void;
  named(name: string): void;
  path(path: RtcPath | null): void;
  ended(reason: SessionEnd): void;
}

/** A session and what is said over it. */
export interface Talk {
  handle(signal: SessionSignal): void;
  close(): void;
}

/** A proved session that syncs a conversation's logs. */
export class KeyedTalk implements Talk {
  readonly #session: Session;
  readonly #handlers: TalkHandlers;
  /** Frames that came before {@link use}; `null` after it. */
  #early: PeerFrame[] | null = [];
  #sync: LogSync | null = null;
  #proved: DeviceId | null = null;
  #source: LogSource | null = null;

  constructor(open: (handlers: SessionHandlers) => Session, handlers: TalkHandlers) {
    this.#handlers = handlers;
    this.#session = open({
      signal: (signal) => handlers.signal(signal),
      opened: () => handlers.opened(),
      secured: (peer, code) => {
        this.#proved = peer.device;
        handlers.ready(peer, code);
      },
      frame: (frame) => this.#frame(frame),
      drained: () => this.#sync?.drained(),
      path: (path) => handlers.path(path),
      ended: (reason) => {
        this.#sync?.close();
        handlers.ended(reason);
      },
    });
  }

  handle(signal: SessionSignal): void {
    this.#session.handle(signal);
  }

  /** From here on the two sync this conversation. `name` is what this device's person is called. */
  use(source: LogSource, name: string): void {
    assert(this.#proved && this.#early, 'a session is used once, after its proof');
    this.#source = source;
    this.#session.send({ type: 'profile', name });
    this.#sync = startSync(source.log, {
      device: this.#proved,
      send: (frame) => this.#session.send(frame),
      full: () => this.#session.full(),
      failed: (fault) => this.#fail(fault === 'violation' || fault === 'too_many_held' ? 'violation' : 'closed'),
    });
    const early = this.#early;
    this.#early = null;
    for (const frame of early) this.#frame(frame);
  }

  close(): void {
    this.#sync?.close();
    this.#session.close();
  }

  #frame(frame: PeerFrame): void {
    if (this.#early) {
      if (this.#early.push(frame) > EARLY_FRAMES_MAX) this.#fail('violation');
      return;
    }
    if (frame.type === 'profile') this.#handlers.named(frame.name);
    if (frame.type !== 'have' && frame.type !== 'entries') return;
    // Other conversations than that of these two are nothing to this session.
    if (frame.conversation === this.#source?.log.conversation) this.#sync?.handle(frame);
  }

  #fail(reason: SessionEnd): void {
    this.close();
    this.#handlers.ended(reason);
  }
}
