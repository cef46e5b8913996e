import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_LIMITS, startServer } from '@earshot/server';
import { PeerServer } from 'peer';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Contender, isContender } from './contenders.ts';
import type { ServerOrder } from './orders.ts';

/** The bench's few addresses stand for many; every limit is checked all the same. */
const LIMITS = {
  ...DEFAULT_LIMITS,
  messageBurst: 1e12,
  connectionsPerAddress: 1e6,
  registrationBurst: 1e6,
};
const PEER_LIMIT = 100_000;

interface Message {
  readonly type: string;
  name?: string;
  readonly target?: string;
}

const listening = async (attach: (server: WebSocketServer) => void): Promise<number> => {
  const http = createServer();
  attach(new WebSocketServer({ server: http, perMessageDeflate: false }));
  await new Promise<void>((done) => http.listen(0, done));
  return (http.address() as AddressInfo).port;
};

/** The least that a relay on this library does: a map, and the message parsed and written anew. */
const thin = (): Promise<number> =>
  listening((server) => {
    const users = new Map<string, WebSocket>();
    server.on('connection', (socket) => {
      let name = '';
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as Message;
        if (message.type === 'store_user') {
          name = message.name ?? '';
          users.set(name, socket);
          socket.send(JSON.stringify({ type: 'user_stored', data: name }));
        } else users.get(message.target ?? '')?.send(JSON.stringify({ ...message, name }));
      });
      socket.on('close', () => users.delete(name));
    });
  });

/** The original's behaviour on the same library: users in an array that every look-up walks, messages written anew. */
const original = (): Promise<number> =>
  listening((server) => {
    const users: { readonly name: string; readonly socket: WebSocket }[] = [];
    const find = (name: string | undefined) => users.find((user) => user.name === name);
    server.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as Message & { data?: { sdp?: string } };
        const { type, name = '', target } = message;
        if (type === 'store_user') {
          const taken = find(name) !== undefined;
          if (!taken) users.push({ name, socket });
          socket.send(JSON.stringify({ type: taken ? 'user_already_exists' : 'user_stored', data: name }));
          return;
        }
        const receiver = find(target);
        if (!receiver) return;
        const passed =
          type === 'create_offer'
            ? { type: 'offer_received', name, data: message.data?.sdp }
            : { type, name, data: message.data };
        receiver.socket.send(JSON.stringify(passed));
      });
      socket.on('close', () => {
        const at = users.findIndex((user) => user.socket === socket);
        if (at !== -1) users.splice(at, 1);
      });
    });
  });

const peer = (): Promise<number> =>
  new Promise((done) => {
    PeerServer({ port: 0, concurrent_limit: PEER_LIMIT }, (server) => done((server.address() as AddressInfo).port));
  });

const earshot = async (): Promise<number> => (await startServer({ port: 0, limits: LIMITS })).port;

const SERVERS: Readonly<Record<Contender, () => Promise<number>>> = {
  earshot,
  'earshot plain': earshot,
  'thin ws': thin,
  peer,
  original,
};

const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

const memory = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().rss;
};

/** A process that serves, and tells what it used. */
export const serve = async (contender: string | undefined): Promise<void> => {
  if (!isContender(contender)) throw new Error(`There is no contender ${contender}`);
  const port = await SERVERS[contender]();
  process.on('message', (order: ServerOrder) => process.send?.({ used: order === 'cpu' ? cpu() : memory() }));
  process.send?.({ port });
};
