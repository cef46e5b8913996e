import type { Duplex } from 'node:stream';
import { SIGNAL_FRAME_MAX_BYTES } from '@earshot/protocol';
import { type RawData, WebSocket } from 'ws';
import type { Connection, Introducer, Visitor } from '../introducer/types.ts';
import { asciiFrames, textFrames } from './frames.ts';
import type { Beating, Heartbeat } from './heartbeat.ts';
import { PINGS_MAX, TURN_MAX_LENGTH, WAITING_WRITE_BYTES } from './limits.ts';
import type { SlowReaders } from './slow-readers.ts';
import type { Turn } from './turn.ts';

/** Who dialled, and how. */
export type Caller = Pick<Connection, 'address' | 'host'>;

/** What all wires share. */
export interface Shared {
  readonly introducer: Introducer;
  readonly heartbeat: Heartbeat;
  readonly turn: Turn;
  readonly slowReaders: SlowReaders;
}

/**
 * One WebSocket. Text frames go straight to the raw socket, all of a turn in one write. That never comes between the library's
 * own frames: without compression it writes each whole and at once, and its close frame comes after a flush, or ends the writing.
 */
export class Wire implements Connection, Beating {
  readonly address: string;
  readonly host: string | null;
  readonly keyed: boolean;
  readonly #ws: WebSocket;
  readonly #socket: Duplex;
  readonly #shared: Shared;
  readonly #flush = (): void => this.flush();
  #pending: string[] = [];
  #pendingLength = 0;
  /** Writes since the socket took everything at once. */
  #waitingWrites = 0;
  #hearsDrain = false;
  #heard = true;
  #pings = 0;

  constructor(ws: WebSocket, socket: Duplex, caller: Caller, shared: Shared) {
    this.#ws = ws;
    this.#socket = socket;
    this.#shared = shared;
    this.address = caller.address;
    this.host = caller.host;
    this.keyed = ws.protocol !== '';
  }

  /** From here on `ended` comes once. */
  listen(ended: () => void): void {
    const { introducer, heartbeat, slowReaders } = this.#shared;
    const visitor = introducer.accept(this);
    const stopBeating = heartbeat.add(this);
    this.#ws.on('message', (data, isBinary) => this.#received(visitor, data, isBinary));
    this.#ws.on('pong', () => {
      this.#heard = true;
    });
    this.#ws.on('ping', () => {
      this.#heard = true;
      if (++this.#pings > PINGS_MAX) this.#ws.terminate();
    });
    // Whatever it was, the library closes the connection, and `close` follows.
    this.#ws.on('error', () => {});
    this.#ws.on('close', () => {
      stopBeating();
      slowReaders.forget(this);
      visitor.closed();
      ended();
    });
  }

  send(text: string): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    if (this.#pending.push(text) === 1) this.#shared.turn.atEnd(this.#flush);
    this.#pendingLength += text.length;
    if (this.#pendingLength > TURN_MAX_LENGTH) this.flush();
  }

  flush(): void {
    if (this.#pending.length === 0) return;
    const texts = this.#pending;
    this.#pending = [];
    this.#pendingLength = 0;
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    const socket = this.#socket;
    const isFree = socket.writableLength === 0;
    if (isFree && this.#waitingWrites > 0) this.#drained();
    const ascii = isFree ? asciiFrames(texts) : undefined;
    if (ascii === undefined) socket.write(textFrames(texts));
    else socket.write(ascii, 'latin1');
    if (socket.writableLength > 0) this.#jammed();
  }

  #jammed(): void {
    const { slowReaders } = this.#shared;
    const waiting = this.#socket.writableLength + ++this.#waitingWrites * WAITING_WRITE_BYTES;
    if (slowReaders.mustGo(this, waiting)) return this.#ws.terminate();
    if (this.#hearsDrain) return;
    this.#hearsDrain = true;
    this.#socket.on('drain', () => this.#drained());
  }

  #drained(): void {
    this.#waitingWrites = 0;
    this.#shared.slowReaders.forget(this);
  }

  close(code: number, reason: string): void {
    this.flush();
    this.#ws.close(code, reason);
  }

  terminate(): void {
    this.#ws.terminate();
  }

  beat(): void {
    if (!this.#heard) return this.#ws.terminate();
    this.#heard = false;
    this.#pings = 0;
    this.#ws.ping();
  }

  #received(visitor: Visitor, data: RawData, isBinary: boolean): void {
    this.#heard = true;
    if (isBinary || !(data instanceof Buffer)) return visitor.unreadable('not_json');
    if (data.length > SIGNAL_FRAME_MAX_BYTES) return visitor.unreadable('too_large');
    visitor.received(data.toString('utf8'));
  }
}
