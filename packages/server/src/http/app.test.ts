import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../process/start-server.ts';

const INDEX = '<!doctype html><title>Earshot</title>';
const SCRIPT = 'export {};'.repeat(100);

let appDirectory: string;
let server: RunningServer;
beforeAll(async () => {
  appDirectory = mkdtempSync(join(tmpdir(), 'earshot-app-'));
  mkdirSync(join(appDirectory, 'assets'));
  writeFileSync(join(appDirectory, 'index.html'), INDEX);
  writeFileSync(join(appDirectory, 'service-worker.js'), SCRIPT);
  writeFileSync(join(appDirectory, 'assets', 'app-1234.js'), SCRIPT);
  writeFileSync(join(appDirectory, 'assets', 'app-1234.js.br'), brotliCompressSync(SCRIPT));
  writeFileSync(join(appDirectory, 'assets', 'app-1234.js.gz'), gzipSync(SCRIPT));
  server = await startServer({ port: 0, appDirectory });
});
afterAll(async () => {
  await server.close();
  rmSync(appDirectory, { recursive: true, force: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET', port = server.port): Promise<Answer> =>
  new Promise((done, failed) => {
    const asked = request({ host: 'localhost', port, path, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString() }),
      );
    });
    asked.on('error', failed).end();
  });

describe('what is served', () => {
  test.each(['/', '/index.html', '/with/kim', '/?x=1'])('the app at %s', async (path) => {
    const { status, headers, body } = await ask(path);
    expect([status, body, headers['cache-control']]).toEqual([200, INDEX, 'no-cache']);
    expect(headers['content-type']).toMatch(/^text\/html/);
  });

  test.each([
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['gzip, br', 'br'],
    ['identity', undefined],
  ])('files as they were compressed: %s', async (accepted, encoding) => {
    const { headers } = await ask('/assets/app-1234.js', { 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers['content-type']).toMatch(/javascript/);
    expect(headers['cache-control']).toContain('immutable');
  });

  test('the service worker is asked for anew each time', async () => {
    expect((await ask('/service-worker.js')).headers['cache-control']).toBe('no-cache');
  });

  test.each(['/assets/none.js', '/../../package.json', '/%2e%2e/%2e%2e/package.json', '/.env', '/assets/%00.js', '/%'])(
    'nothing at %s',
    async (path) => {
      const { status, body } = await ask(path);
      expect(status === 404 || body === INDEX).toBe(true);
    },
  );

  test('health', async () => {
    expect(await ask('/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
    expect(await ask('/healthz', { host: '10.9.8.7' })).toMatchObject({ status: 200 });
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('never %s', async (method) => {
    const { status, headers } = await ask('/', {}, method);
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD']);
  });

  test('HEAD is GET without a body', async () => {
    expect(await ask('/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  test('under a name that is not its own: how to mend that', async () => {
    const { status, body } = await ask('/', { host: 'chat.example.org' });
    expect(status).toBe(421);
    expect(body).toContain('PUBLIC_URL');
  });

  test('where the app is not built, it says so', async () => {
    const bare = await startServer({ port: 0, appDirectory: join(appDirectory, 'none') });
    expect(await ask('/', {}, 'GET', bare.port)).toMatchObject({ status: 503 });
    await bare.close();
  });
});

describe('headers', () => {
  test.each(['/', '/healthz', '/assets/none.js', '/assets/app-1234.js'])('guard %s', async (path) => {
    const { headers } = await ask(path);
    const policy = String(headers['content-security-policy']);
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(policy).toContain(`connect-src 'self' ws://localhost:${server.port}`);
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['permissions-policy']).toContain('geolocation=()');
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  test('a name that is not its own gets into no policy', async () => {
    const { headers } = await ask('/', { host: "evil.example; script-src 'unsafe-inline'" });
    expect(headers['content-security-policy']).not.toContain('evil');
  });

  test('browsers are told to stay with TLS only where there is TLS, and a lasting name', async () => {
    const publicUrls = [new URL('https://chat.example.org'), new URL('https://192.0.2.1')];
    const behind = await startServer({ port: 0, appDirectory, publicUrls, proxy: 'trusted' });
    const hsts = async (headers: Record<string, string>) =>
      (await ask('/', headers, 'GET', behind.port)).headers['strict-transport-security'];
    const secure = { 'x-forwarded-proto': 'https' };
    expect(await hsts({ host: 'chat.example.org', ...secure })).toMatch(/^max-age=\d+$/);
    expect(await hsts({ host: 'chat.example.org' })).toBeUndefined();
    expect(await hsts({ host: '192.0.2.1', ...secure })).toBeUndefined();
    await behind.close();
    expect((await ask('/', secure)).headers['strict-transport-security']).toBeUndefined();
  });
});
