import type { SocketPort } from '../ports/index.ts';
import { type AcceptSocket, type MemorySocketOptions, type ServerEnd, type ServerSide, Wire } from './socket-wire.ts';

export type { AcceptSocket, FrameInTransit, MemorySocketOptions, ServerEnd, ServerSide } from './socket-wire.ts';

/** One process's way to the server. */
export interface MemorySocketPort extends SocketPort {
  /** The process is gone: its connections hear nothing, and the server learns it as the network allows. */
  kill(): void;
}

/** Sockets to one server in memory, with the manners of TCP: in order, late, held up by a cut, or reset. */
export class MemorySockets {
  readonly #options: MemorySocketOptions;
  readonly #wires = new Set<Wire>();
  readonly #cut = new Set<string>();
  #accept: AcceptSocket | null;
  #count = 0;

  constructor(options: MemorySocketOptions) {
    this.#options = options;
    this.#accept = options.accept;
  }

  /** Of the process `from`; several ports may have one name. */
  port(from: string): MemorySocketPort {
    const own = new Set<Wire>();
    return {
      host: this.#options.host,
      open: (handlers) => {
        const wire = new Wire(this.#options, this, from, ++this.#count, handlers, () => {
          own.delete(wire);
          this.#wires.delete(wire);
        });
        own.add(wire);
        this.#wires.add(wire);
        wire.dial();
        return wire;
      },
      kill: () => {
        for (const wire of [...own]) wire.kill();
      },
    };
  }

  /** Nothing of `from` gets through until it is healed: what is under way waits, as TCP does. Nobody is told. */
  cut(from: string): void {
    this.#cut.add(from);
  }

  heal(from: string): void {
    if (!this.#cut.delete(from)) return;
    for (const wire of this.#wires) wire.flow();
  }

  isCut(from: string): boolean {
    return this.#cut.has(from);
  }

  /** Ends the connections of `from`, losing what is under way. The sides that are told nothing keep a dead connection. */
  reset(from: string, told: 'both' | 'client' | 'server'): void {
    for (const wire of [...this.#wires]) if (wire.from === from) wire.reset(told);
  }

  /** The server's process goes down: every connection is reset, and until {@link up} none is accepted. */
  down(): void {
    this.#accept = null;
    for (const wire of [...this.#wires]) wire.reset('client');
  }

  up(accept: AcceptSocket): void {
    this.#accept = accept;
  }

  /** Of a wire alone. */
  accept(end: ServerEnd): ServerSide | null {
    return this.#accept?.(end) ?? null;
  }
}
