import { type Clock, createWebCrypto, type Ports, type SocketPort } from '@earshot/client';
import { createMemoryDisk } from '@earshot/client/memory';
import { SUBPROTOCOL } from '@earshot/protocol';
import { createRtcPort } from '@earshot/web/adapters';
import { WebSocket } from 'ws';
import { NodePeerConnection } from '../node-rtc.ts';

const clock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

const socketPort = (url: URL): SocketPort => ({
  host: url.host,
  open: ({ opened, received, closed }) => {
    const socket = new WebSocket(`ws://${url.host}/`, SUBPROTOCOL);
    socket.on('open', opened);
    socket.on('message', (frame: Buffer, binary) => {
      if (!binary) received(frame.toString('utf8'));
    });
    socket.on('error', () => undefined);
    socket.on('close', closed);
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: () => socket.close(),
    };
  },
});

/** Everything that the engine needs, in Node: libdatachannel under the app's own RTC adapter, and a store in memory. */
export const nodePorts = (server: string): Ports => ({
  clock,
  crypto: createWebCrypto(),
  socket: socketPort(new URL(server)),
  rtc: createRtcPort(NodePeerConnection),
  storage: createMemoryDisk().open(),
});
