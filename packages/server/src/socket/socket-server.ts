import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { SUBPROTOCOL } from '@earshot/protocol';
import { WebSocketServer } from 'ws';
import type { Introducer } from '../introducer/types.ts';
import { admit, type DoorSettings } from './caller.ts';
import { Heartbeat } from './heartbeat.ts';
import {
  CHUNKS_MAX,
  CONNECTIONS_MAX,
  FRAGMENTS_MAX,
  GOODBYE_MAX_MS,
  PAYLOAD_MAX_BYTES,
  PENDING_PONGS_MAX,
} from './limits.ts';
import { SlowReaders } from './slow-readers.ts';
import { Turn } from './turn.ts';
import { Wire } from './wire.ts';

export interface SocketServer {
  readonly connections: number;
  /** Takes over a request to upgrade, or refuses it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** For after the introducer said goodbye: waits for the farewells, not longer than {@link GOODBYE_MAX_MS}. */
  close(): Promise<void>;
}

export interface SocketServerDeps {
  readonly introducer: Introducer;
  readonly door: DoorSettings;
  readonly refused: (why: 'foreign_origin' | 'full') => void;
}

/** The WebSocket shell around an introducer. */
export const createSocketServer = ({ introducer, door, refused }: SocketServerDeps): SocketServer => {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: PAYLOAD_MAX_BYTES,
    maxFragments: FRAGMENTS_MAX,
    maxBufferedChunks: CHUNKS_MAX,
    // Options of the library that its types don't know yet.
    ...{ maxPendingAutoPongs: PENDING_PONGS_MAX, closeTimeout: GOODBYE_MAX_MS },
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  const heartbeat = new Heartbeat();
  const shared = { introducer, heartbeat, turn: new Turn(), slowReaders: new SlowReaders() };
  const wires = new Set<Wire>();
  let allGone: () => void = () => {};

  return {
    get connections() {
      return wires.size;
    },

    upgrade(request, socket, head) {
      const admission = admit(request, door);
      if (!admission.ok) {
        refused(admission.error);
        return turnAway(socket, 403);
      }
      if (wires.size >= CONNECTIONS_MAX) {
        refused('full');
        return turnAway(socket, 503);
      }
      server.handleUpgrade(request, socket, head, (ws) => {
        const wire = new Wire(ws, socket, admission.caller, shared);
        wires.add(wire);
        wire.listen(() => {
          wires.delete(wire);
          if (wires.size === 0) allGone();
        });
      });
    },

    async close() {
      heartbeat.stop();
      server.close();
      let timer: NodeJS.Timeout | undefined;
      if (wires.size > 0) {
        await new Promise<void>((done) => {
          allGone = done;
          timer = setTimeout(done, GOODBYE_MAX_MS);
        });
      }
      clearTimeout(timer);
      for (const wire of wires) wire.terminate();
    },
  };
};

const turnAway = (socket: Duplex, status: 403 | 503): void => {
  const reason = STATUS_CODES[status] ?? '';
  socket.on('error', () => {});
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${reason.length}\r\n\r\n${reason}`,
    () => socket.destroy(),
  );
};
