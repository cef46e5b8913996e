import {
  type ClientMessage,
  claimTranscript,
  encodeSignal,
  type IceServer,
  type Name,
  NONCE_BYTES,
  parseServerMessage,
  type ServerMessage,
} from '@earshot/protocol';
import type { LocalIdentity } from '../identity/types.ts';
import { type Observable, Subject } from '../observable.ts';
import type { Clock, Crypto, Socket, SocketPort } from '../ports/index.ts';
import { spread } from '../spread.ts';
import { type Link, type LinkEffect, type LinkEvent, stepLink } from './link.ts';

interface SignallingPorts {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly socket: SocketPort;
}

/** The shell around {@link stepLink}: one socket at a time, one timer. */
export class Signalling {
  readonly #ports: SignallingPorts;
  readonly #self: LocalIdentity;
  readonly #deliver: (message: ServerMessage) => void;
  readonly #link = new Subject<Link>({ state: 'idle' });
  #socket: Socket | null = null;
  #cancelTimer: () => void = () => undefined;
  #closed = false;

  constructor(ports: SignallingPorts, self: LocalIdentity, deliver: (message: ServerMessage) => void) {
    this.#ports = ports;
    this.#self = self;
    this.#deliver = deliver;
  }

  get link(): Observable<Link> {
    return this.#link;
  }

  get iceServers(): readonly IceServer[] {
    const link = this.#link.get();
    return link.state === 'here' ? link.iceServers : [];
  }

  /** Registers under this name from now on. */
  claim(name: Name): void {
    this.#dispatch({ type: 'named', name });
  }

  networkChanged(): void {
    this.#dispatch({ type: 'network_changed' });
  }

  /** Whether there was a registered connection to hand it to. Nothing promises that it arrives. */
  send(message: ClientMessage): boolean {
    if (this.#link.get().state !== 'here' || !this.#socket) return false;
    this.#socket.send(encodeSignal(message));
    return true;
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer();
    this.#socket?.close();
    this.#socket = null;
  }

  #dispatch(event: LinkEvent): void {
    if (this.#closed) return;
    const { link, effects } = stepLink(this.#link.get(), event);
    this.#link.set(link);
    for (const effect of effects) this.#run(effect);
  }

  #run(effect: LinkEffect): void {
    switch (effect.type) {
      case 'dial':
        return this.#dial(effect.connection);
      case 'hang_up':
        this.#socket?.close();
        this.#socket = null;
        return;
      case 'claim':
        void this.#claim(effect);
        return;
      case 'ping':
        this.#socket?.send(encodeSignal({ type: 'ping' }));
        return;
      case 'deliver':
        return this.#deliver(effect.message);
      case 'timer': {
        this.#cancelTimer();
        const ms = effect.spread ? spread(this.#ports.crypto, effect.ms) : effect.ms;
        this.#cancelTimer = this.#ports.clock.after(ms, () => this.#dispatch({ type: 'timer' }));
        return;
      }
      case 'no_timer':
        return this.#cancelTimer();
    }
  }

  #dial(connection: number): void {
    this.#socket = this.#ports.socket.open({
      opened: () => this.#dispatch({ type: 'opened', connection }),
      received: (text) => {
        const message = parseServerMessage(text);
        if (message.ok) this.#dispatch({ type: 'message', message: message.value, connection });
      },
      closed: () => this.#dispatch({ type: 'closed', connection }),
    });
  }

  async #claim({ nonce, name, connection }: Extract<LinkEffect, { type: 'claim' }>): Promise<void> {
    const { crypto, socket } = this.#ports;
    const clientNonce = crypto.random(NONCE_BYTES);
    const facts = { host: socket.host, serverNonce: nonce, clientNonce, name };
    const signature = await this.#self.device.sign(claimTranscript(facts));
    const link = this.#link.get();
    if (this.#closed || link.state !== 'claiming' || link.connection !== connection) return;
    const data = { key: this.#self.identity, nonce: clientNonce, signature };
    this.#socket?.send(encodeSignal({ type: 'store_user', name, data }));
  }
}
