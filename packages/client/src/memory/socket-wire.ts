import type { Clock, Socket, SocketHandlers } from '../ports/index.ts';

/** One way through the network where nobody said otherwise, ms. */
const LATENCY_MS = 10;

/** What a server does with a connection. */
export interface ServerSide {
  received(text: string): void;
  closed(): void;
}

/** A connection as the server holds it. */
export interface ServerEnd {
  /** Who dialled: the name of the port. */
  readonly from: string;
  send(text: string): void;
  /** Idempotent. {@link ServerSide.closed} comes only where the other side, or the network, ended it. */
  close(): void;
}

/** Answers what handles the connection; `null` refuses it. */
export type AcceptSocket = (end: ServerEnd) => ServerSide | null;

/** A frame on its way, as whoever sits on the way sees it. */
export interface FrameInTransit {
  readonly from: string;
  /** Counts the connections of the whole network, from 1. */
  readonly connection: number;
  readonly to: 'server' | 'client';
  readonly text: string;
}

export interface MemorySocketOptions {
  readonly clock: Clock;
  readonly host: string;
  readonly accept: AcceptSocket;
  /** One way, ms; asked for each frame. Order within a connection holds all the same. */
  readonly latencyMs?: () => number;
  /** Sits on the way: answers what arrives in the frame's place. */
  readonly through?: (frame: FrameInTransit) => readonly string[];
}

/** What a wire asks of the network that it is part of. */
interface Sockets {
  isCut(from: string): boolean;
  accept(end: ServerEnd): ServerSide | null;
}

type Parcel = { readonly what: 'dial' | 'opened' | 'close' } | { readonly what: 'text'; readonly text: string };
type Direction = 'server' | 'client';

/** One connection, both its ends and what is between them. */
export class Wire implements Socket {
  readonly from: string;
  readonly #options: MemorySocketOptions;
  readonly #sockets: Sockets;
  readonly #connection: number;
  readonly #gone: () => void;
  readonly #under: Record<Direction, { parcel: Parcel; due: number }[]> = { server: [], client: [] };
  readonly #timers: Record<Direction, (() => void) | null> = { server: null, client: null };
  /** `null`: this side has ended and hears nothing more. */
  #client: SocketHandlers | null;
  #server: ServerSide | null = null;
  #opened = false;
  #killed = false;
  #broken = false;

  constructor(
    options: MemorySocketOptions,
    sockets: Sockets,
    from: string,
    connection: number,
    handlers: SocketHandlers,
    gone: () => void,
  ) {
    this.#options = options;
    this.#sockets = sockets;
    this.from = from;
    this.#connection = connection;
    this.#client = handlers;
    this.#gone = gone;
  }

  dial(): void {
    this.#push('server', { what: 'dial' });
  }

  send(text: string): void {
    if (this.#client && this.#opened) this.#pass('server', text);
  }

  close(): void {
    if (!this.#client) return;
    this.#push('server', { what: 'close' });
    this.#endClient();
    this.#look();
  }

  kill(): void {
    this.#killed = true;
    if (!this.#client) return;
    this.#client = null;
    this.#push('server', { what: 'close' });
    this.#look();
  }

  reset(told: 'both' | 'client' | 'server'): void {
    this.#broken = true;
    for (const direction of ['server', 'client'] as const) {
      this.#under[direction] = [];
      this.#timers[direction]?.();
      this.#timers[direction] = null;
    }
    if (told !== 'client') this.#endServer();
    if (told !== 'server') this.#endClient();
    // A side that wasn't told speaks into the void; the other hears nothing of it.
    if (told === 'client') this.#server = null;
    this.#look();
  }

  /** Goes on: something was pushed, or a cut has healed. */
  flow(): void {
    this.#flow('server');
    this.#flow('client');
  }

  #pass(to: Direction, text: string): void {
    const { through } = this.#options;
    const arriving = through?.({ from: this.from, connection: this.#connection, to, text }) ?? [text];
    for (const one of arriving) this.#push(to, { what: 'text', text: one });
  }

  #push(to: Direction, parcel: Parcel): void {
    if (this.#broken) return;
    const { clock, latencyMs } = this.#options;
    const under = this.#under[to];
    const due = clock.elapsed() + (latencyMs?.() ?? LATENCY_MS);
    under.push({ parcel, due: Math.max(due, under.at(-1)?.due ?? 0) });
    this.#flow(to);
  }

  #flow(to: Direction): void {
    const [next] = this.#under[to];
    if (!next || this.#timers[to] || this.#sockets.isCut(this.from)) return;
    const { clock } = this.#options;
    this.#timers[to] = clock.after(next.due - clock.elapsed(), () => {
      this.#timers[to] = null;
      if (this.#sockets.isCut(this.from)) return;
      const arrived = this.#under[to].shift();
      if (arrived) this.#arrive(to, arrived.parcel);
      this.#flow(to);
    });
  }

  #arrive(to: Direction, parcel: Parcel): void {
    if (to === 'server') this.#atServer(parcel);
    else this.#atClient(parcel);
  }

  #atServer(parcel: Parcel): void {
    switch (parcel.what) {
      case 'dial':
        return this.#dialled();
      case 'close':
        this.#endServer();
        return this.#look();
      case 'text':
        return this.#server?.received(parcel.text);
      case 'opened':
        return;
    }
  }

  #dialled(): void {
    let state: 'accepting' | 'open' | 'closed' = 'accepting';
    // A server may speak while it accepts; the opening is heard first.
    const early: string[] = [];
    const side = this.#sockets.accept({
      from: this.from,
      send: (text) => {
        if (state === 'accepting') early.push(text);
        else if (state === 'open') this.#pass('client', text);
      },
      close: () => {
        if (state === 'open') this.#push('client', { what: 'close' });
        state = 'closed';
        this.#server = null;
      },
    });
    if (side) {
      this.#push('client', { what: 'opened' });
      for (const text of early) this.#pass('client', text);
    }
    if (!side || (state as string) === 'closed') return this.#push('client', { what: 'close' });
    state = 'open';
    this.#server = side;
  }

  #atClient(parcel: Parcel): void {
    switch (parcel.what) {
      case 'opened':
        this.#opened = true;
        return this.#client?.opened();
      case 'close':
        this.#endClient();
        return this.#look();
      case 'text':
        return this.#client?.received(parcel.text);
      case 'dial':
        return;
    }
  }

  #endClient(): void {
    const handlers = this.#client;
    this.#client = null;
    // On a turn of its own: nobody is called back from inside a call.
    if (!handlers) return;
    this.#options.clock.after(0, () => {
      if (!this.#killed) handlers.closed();
    });
  }

  #endServer(): void {
    const side = this.#server;
    this.#server = null;
    side?.closed();
  }

  /** Forgets the wire once neither side holds it and nothing is under way. */
  #look(): void {
    if (!this.#client && !this.#server && this.#under.server.length === 0) this.#gone();
  }
}
