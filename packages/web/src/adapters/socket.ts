import type { SocketPort } from '@earshot/client';
import { SUBPROTOCOL } from '@earshot/protocol';

/** Where the server is: the page's own origin, unless told otherwise. */
export interface ServerAddress {
  readonly protocol: string;
  readonly host: string;
}

/** The signalling socket over the browser's WebSocket (RFC 6455). A page that came by https dials wss. */
export const createSocketPort = (server: ServerAddress = location): SocketPort => ({
  host: server.host,
  open: (handlers) => {
    const address = `${server.protocol === 'https:' ? 'wss' : 'ws'}://${server.host}/`;
    const socket = new WebSocket(address, SUBPROTOCOL);
    socket.addEventListener('open', () => handlers.opened());
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') handlers.received(data);
    });
    socket.addEventListener('close', () => handlers.closed(), { once: true });
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: () => socket.close(),
    };
  },
});
