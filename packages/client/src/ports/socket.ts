/** A WebSocket to the signalling server, as thin as it gets. */
export interface SocketPort {
  /** The authority that `open` dials, as its Host header says it: it goes into what the device signs. */
  readonly host: string;
  /** Begins to connect with {@link SUBPROTOCOL}. Exactly one `closed` comes at the end, also where it never opened; nothing comes after it. */
  open(handlers: SocketHandlers): Socket;
}

export interface SocketHandlers {
  opened(): void;
  /** A text frame. A binary one is dropped by the adapter. */
  received(text: string): void;
  closed(): void;
}

export interface Socket {
  /** Hands over; promises nothing. Silent after the end. */
  send(text: string): void;
  /** Idempotent. `closed` still comes, once. */
  close(): void;
}
