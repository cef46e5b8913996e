import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { OwnHosts } from '../settings/own-hosts.ts';

export interface HeaderSettings {
  readonly ownHosts: OwnHosts;
  readonly proxy: 'none' | 'trusted';
}

/** A year, seconds. */
const HSTS_SECONDS = 31_536_000;

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // The app's one policy: it names the service worker.
  'trusted-types earshot',
];

/** What the page needs of the device is asked for by the page; everything else is off. */
const PERMISSIONS =
  'camera=(self), microphone=(self), display-capture=(self), clipboard-write=(self), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=(), browsing-topics=()';

/** On every answer, whatever it is. */
export const setSecurityHeaders = (
  request: IncomingMessage,
  response: ServerResponse,
  settings: HeaderSettings,
): void => {
  const { host } = request.headers;
  // Some browsers don't count a WebSocket as 'self'.
  const sockets = host !== undefined && settings.ownHosts(host) ? ` ws://${host} wss://${host}` : '';
  response.setHeader('Content-Security-Policy', [...POLICY, `connect-src 'self'${sockets}`].join('; '));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Permissions-Policy', PERMISSIONS);
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  if (host !== undefined && isSecure(request, settings.proxy) && isLasting(host)) {
    response.setHeader('Strict-Transport-Security', `max-age=${HSTS_SECONDS}`);
  }
};

const isSecure = ({ socket, headers }: IncomingMessage, proxy: HeaderSettings['proxy']): boolean =>
  (socket as Partial<TLSSocket>).encrypted === true ||
  (proxy === 'trusted' && headers['x-forwarded-proto'] === 'https');

/** A machine's own name would be locked out of plain HTTP for all other servers that ever run there. */
const isLasting = (host: string): boolean =>
  /\.[a-z][a-z0-9-]*(?::\d+)?$/i.test(host) && !/\.local(?::\d+)?$/i.test(host);
