import { existsSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { type HeaderSettings, setSecurityHeaders } from './headers.ts';

/** Where the build puts the app. The same from the sources and from the build of this package. */
export const APP_DIRECTORY = fileURLToPath(new URL('../../../web/dist', import.meta.url));

export interface AppSettings extends HeaderSettings {
  readonly directory: string;
}

/** Under a name that it doesn't know the app could load, but never register: signatures are for the server's own names. */
const STRANGE_NAME =
  'This server is not known by this name. Whoever runs it can give the name in the setting PUBLIC_URL, like PUBLIC_URL=https://chat.example.org';

/** The app, precompressed where it was built so; any address without an extension is the app's own. */
export const createApp = (settings: AppSettings): RequestListener => {
  const files = existsSync(join(settings.directory, 'index.html')) ? serve(settings.directory) : missing;
  return (request, response) => {
    setSecurityHeaders(request, response, settings);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return answer(response, 405, 'Only GET and HEAD.');
    }
    if (request.url === '/healthz') return answer(response, 200, 'ok');
    const { host } = request.headers;
    if (host !== undefined && !settings.ownHosts(host)) return answer(response, 421, STRANGE_NAME);
    files(request, response);
  };
};

const serve = (directory: string) =>
  sirv(directory, {
    single: true,
    brotli: true,
    gzip: true,
    etag: true,
    onNoMatch: (_, response) => answer(response, 404, 'There is nothing here.'),
    setHeaders: (response, pathname) => {
      // What is named by its hash never changes; all else is asked for anew.
      const lasting = pathname.startsWith('/assets/');
      response.setHeader('Cache-Control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });

const missing = (_: IncomingMessage, response: ServerResponse): void =>
  answer(response, 503, 'The app is not built. Run npm start, which builds it.');

const answer = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${text}\n`);
};
