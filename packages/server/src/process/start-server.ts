import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { openDurableHolds } from '../holds/lmdb-holds.ts';
import { createMemoryHolds } from '../holds/memory-holds.ts';
import { APP_DIRECTORY, createApp } from '../http/app.ts';
import { iceServersFrom } from '../ice/ice-servers.ts';
import { createIntroducer } from '../introducer/create-introducer.ts';
import { ownHosts } from '../settings/own-hosts.ts';
import { DEFAULT_SETTINGS, type Settings } from '../settings/settings.ts';
import { createSocketServer } from '../socket/socket-server.ts';
import { systemClock } from './clock.ts';
import { type Log, logEvent, silentLog } from './log.ts';
import { verify } from './verify.ts';

/** A day, ms. */
const DAY_MS = 24 * 60 * 60 * 1000;
/** From a TCP connection to the end of its request's headers, ms: who says nothing holds a socket no longer. */
const HEADERS_MAX_MS = 10_000;
const HEADERS_MAX_BYTES = 16 * 1024;
const TIMEOUTS_CHECKED_EVERY_MS = 5_000;

export interface ServerOptions extends Settings {
  /** PEM. With it, HTTPS is served. */
  readonly tls: { readonly key: string; readonly cert: string } | null;
  /** The built app. */
  readonly appDirectory: string;
  readonly log: Log;
}

export interface RunningServer {
  /** `http://localhost:3000/` */
  readonly url: string;
  readonly port: number;
  /** Says goodbye to everybody and resolves when port and store are free again. Idempotent. */
  close(): Promise<void>;
}

/** Rejects where the port can't be had (`code` is `EADDRINUSE` or `EACCES`). Nothing is kept where no `dataDir` is given. */
export const startServer = async (options: Partial<ServerOptions> = {}): Promise<RunningServer> => {
  const settings: ServerOptions = {
    ...DEFAULT_SETTINGS,
    tls: null,
    appDirectory: APP_DIRECTORY,
    log: silentLog,
    ...options,
  };
  const { log, tls, proxy, plainClients, limits } = settings;
  const own = ownHosts(settings.publicUrls);
  const app = createApp({ directory: settings.appDirectory, ownHosts: own, proxy });
  const http = createServer(tls, app);
  // Only who has the port may open the store: a second process must not.
  const port = await listen(http, settings.port);
  const durable = settings.dataDir === null ? null : openDurableHolds(settings.dataDir);
  const introducer = createIntroducer({
    clock: systemClock,
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    verify,
    holds: durable ?? createMemoryHolds(),
    settings: { plainClients, holdMs: settings.holdDays * DAY_MS, limits },
    iceServers: iceServersFrom(settings),
    log: (event) => logEvent(log, event),
  });
  const sockets = createSocketServer({
    introducer,
    door: { ownHosts: own, proxy },
    refused: (why) => log.info({ event: 'turned_away', why }),
  });
  http.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  log.info({ event: 'started', port, secure: tls !== null });

  const stop = async (): Promise<void> => {
    log.info({ event: 'stopping', connections: sockets.connections, present: introducer.present });
    const closed = new Promise<void>((done) => http.close(() => done()));
    introducer.close();
    await sockets.close();
    http.closeAllConnections();
    await closed;
    await durable?.close();
    log.info({ event: 'stopped' });
  };
  let stopped: Promise<void> | undefined;
  return {
    url: `${tls ? 'https' : 'http'}://localhost:${port}/`,
    port,
    close: () => {
      stopped ??= stop();
      return stopped;
    },
  };
};

const createServer = (tls: ServerOptions['tls'], app: ReturnType<typeof createApp>): Server => {
  const options = {
    headersTimeout: HEADERS_MAX_MS,
    requestTimeout: HEADERS_MAX_MS,
    maxHeaderSize: HEADERS_MAX_BYTES,
    connectionsCheckingInterval: TIMEOUTS_CHECKED_EVERY_MS,
  };
  return tls ? createHttpsServer({ ...options, ...tls }, app) : createHttpServer(options, app);
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((done, refused) => {
    server.once('error', refused);
    server.listen(port, () => {
      server.off('error', refused);
      done((server.address() as AddressInfo).port);
    });
  });
