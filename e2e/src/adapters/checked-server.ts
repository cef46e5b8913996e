import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type WebSocket, WebSocketServer } from 'ws';

const PAGE = fileURLToPath(new URL('checked-page.ts', import.meta.url));
const HTML = '<!doctype html><meta charset="utf-8"><title>Adapters</title><script src="page.js"></script>';

/** Serves the page of checks, and is the server of the socket's checks. */
export const startCheckedServer = async (): Promise<{ readonly url: string; close(): Promise<void> }> => {
  const { outputFiles } = await build({
    entryPoints: [PAGE],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2023',
    conditions: ['source'],
  });
  const script = outputFiles[0]?.text ?? '';
  const http = createServer(({ url }, answer) => {
    const isScript = url === '/page.js';
    answer.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    answer.end(isScript ? script : HTML);
  });
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', converse);
  http.listen(0);
  await once(http, 'listening');
  return {
    url: `http://localhost:${(http.address() as AddressInfo).port}/`,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
};

const MANY = 100;

/** What the conformance of sockets asks of its server. */
const converse = (socket: WebSocket): void => {
  socket.on('message', (frame: Buffer) => {
    const text = frame.toString('utf8');
    if (text === 'close') socket.close();
    else if (text === 'reset') socket.terminate();
    else if (text === 'many') for (let number = 0; number < MANY; number++) socket.send(String(number));
    else if (text === 'binary') {
      socket.send(new Uint8Array([1, 2, 3]));
      socket.send('after');
    } else socket.send(text);
  });
};
