import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** A signalling message as it passes: whatever JSON object it is. */
export type Message = Readonly<Record<string, unknown>>;

/** Somebody whose messages pass here. */
export interface Victim {
  /** The name that they registered; empty before. */
  readonly name: string;
  /** Says something to them as if the server had. */
  tell(message: Message): void;
}

/** What the server does with what passes: `messages` to go on instead. */
export interface Evil {
  /** From a client, on its way to the honest part of the server. */
  said?(message: Message, by: Victim): readonly Message[];
  /** From the honest part, on its way to a client. */
  heard?(message: Message, by: Victim): readonly Message[];
}

/** A signalling server that lies: everything passes through it, the app included, and `evil` may change, drop, add or keep any of it. */
export class HostileServer {
  readonly #honest: string;
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered][0] ?? false });
  readonly victims: Victim[] = [];
  evil: Evil = {};

  private constructor(honest: string) {
    this.#honest = honest;
    this.#http = createServer((incoming, outgoing) => this.#pass(incoming, outgoing));
    this.#http.on('upgrade', (incoming, socket: Socket, head) => {
      this.#sockets.handleUpgrade(incoming, socket, head, (client) => this.#between(client, incoming));
    });
  }

  /** In front of the honest server at `honest`. */
  static async start(honest: string): Promise<HostileServer> {
    const server = new HostileServer(honest);
    server.#http.listen(0);
    await once(server.#http, 'listening');
    return server;
  }

  get url(): string {
    return `http://localhost:${(this.#http.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const onward = request(new URL(incoming.url ?? '/', this.#honest), {
      method: incoming.method ?? 'GET',
      headers: incoming.headers,
    });
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }

  /** The client keeps its own Host and Origin, so that its claim of the name holds at the honest server. */
  #between(client: WebSocket, { url, headers }: IncomingMessage): void {
    const address = new URL(url ?? '/', this.#honest.replace(/^http/, 'ws'));
    const { host, origin } = headers;
    const upstream = new WebSocket(address, client.protocol === '' ? [] : [client.protocol], {
      headers: { host, ...(origin === undefined ? {} : { origin }) },
    });
    const waiting: string[] = [];
    const up = (text: string): void => {
      if (upstream.readyState === WebSocket.OPEN) upstream.send(text);
      else waiting.push(text);
    };
    let name = '';
    const victim: Victim = {
      get name() {
        return name;
      },
      tell: (message) => client.send(JSON.stringify(message)),
    };
    this.victims.push(victim);
    upstream.on('open', () => {
      for (const text of waiting.splice(0)) upstream.send(text);
    });
    client.on('message', (frame: Buffer) => {
      const message = JSON.parse(frame.toString('utf8')) as Message;
      if (message['type'] === 'store_user') name = String(message['name']);
      for (const passed of this.evil.said?.(message, victim) ?? [message]) up(JSON.stringify(passed));
    });
    upstream.on('message', (frame: Buffer) => {
      const message = JSON.parse(frame.toString('utf8')) as Message;
      for (const passed of this.evil.heard?.(message, victim) ?? [message]) victim.tell(passed);
    });
    client.on('close', () => upstream.terminate());
    upstream.on('close', () => client.terminate());
    upstream.on('error', () => client.terminate());
    client.on('error', () => upstream.terminate());
  }
}
