import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../introducer/limits.ts';
import { newDevice } from '../stage/device.ts';
import { Dialled } from '../stage/dial.ts';
import { type RunningServer, type ServerOptions, startServer } from './start-server.ts';

const running: RunningServer[] = [];
const start = async (options: Partial<ServerOptions> = {}): Promise<RunningServer> => {
  const server = await startServer({ port: 0, ...options });
  running.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

const claimed = (dialled: Dialled): boolean => dialled.heard.some((text) => text.includes('user_stored'));

describe('names outlive the process', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'earshot-server-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  test('on its disk: its owner is let in after a restart, another key is not', async () => {
    const kim = newDevice();
    const before = await start({ dataDir });
    expect(claimed(await Dialled.keyed(before.port, 'kim', kim))).toBe(true);
    await before.close();
    const { port } = await start({ dataDir });
    const rival = await Dialled.keyed(port, 'KIM', newDevice());
    expect(rival.heard[1]).toBe('{"type":"user_already_exists","data":"KIM"}');
    const plain = await Dialled.open(port);
    plain.send({ type: 'store_user', name: 'kim' });
    await plain.hears('user_already_exists');
    expect(claimed(await Dialled.keyed(port, 'kim', kim))).toBe(true);
  });

  test('a hold is durable before its owner is told', async () => {
    const kim = newDevice();
    const first = await start({ dataDir });
    await Dialled.keyed(first.port, 'kim', kim);
    // Opened beside the first, which never closed: as after a crash.
    const { openDurableHolds } = await import('../holds/lmdb-holds.ts');
    const seen = openDurableHolds(dataDir);
    expect(seen.get('kim')?.person).toBe(kim.identity.person);
    await seen.close();
  });
});

describe('who may dial', () => {
  const refused = (port: number, headers: Record<string, string>): Promise<string> =>
    Dialled.open(port, { headers }).then(
      () => 'let in',
      (error: Error) => error.message,
    );

  test('a page of this server, and programs without a page', async () => {
    const { port } = await start();
    expect(await refused(port, { origin: `http://localhost:${port}` })).toBe('let in');
    expect(await refused(port, { host: '127.0.0.1:9', origin: 'http://127.0.0.1:9' })).toBe('let in');
    expect(await refused(port, {})).toBe('let in');
  });

  test.each([
    ['another site', 'https://evil.example'],
    ['another port of this machine', 'http://localhost:1'],
    ['a page without an origin', 'null'],
    ['a file', 'file://'],
    ['nonsense', 'x'],
    ['another of its names', 'http://127.0.0.1:3000'],
  ])('not %s', async (_, origin) => {
    const { port } = await start();
    expect(await refused(port, { origin })).toMatch(/403/);
    expect(await refused(port, { 'sec-websocket-origin': origin })).toMatch(/403/);
  });

  test('not a page that reached it by a name that is not its own', async () => {
    const { port } = await start();
    expect(await refused(port, { host: 'evil.example', origin: 'http://evil.example' })).toMatch(/403/);
  });

  test('with a public address: that one alone', async () => {
    const { port } = await start({ publicUrls: [new URL('https://chat.example.org')] });
    const publicly = { host: 'chat.example.org', origin: 'https://chat.example.org' };
    expect(await refused(port, publicly)).toBe('let in');
    expect(await refused(port, { origin: `http://localhost:${port}` })).toMatch(/403/);
    const kim = await Dialled.keyed(port, 'kim', newDevice());
    expect(kim.heard[1]).toMatch(/claim_invalid/);
  });

  test('by any path', async () => {
    const { port } = await start();
    const ann = await Dialled.open(port, { path: '/any/where?x' });
    await ann.settled();
  });

  test('the address behind a trusted proxy counts, and nobody can make one up', async () => {
    const limits = { ...DEFAULT_LIMITS, connectionsPerAddress: 1 };
    const trusting = await start({ proxy: 'trusted', limits });
    const from = async (port: number, forwarded: string): Promise<boolean> => {
      const dialled = await Dialled.open(port, { headers: { 'x-forwarded-for': forwarded } });
      dialled.send({ type: 'ping' });
      await dialled.until(() => dialled.heard.length > 0);
      return dialled.heard[0] === '{"type":"pong"}';
    };
    expect(await from(trusting.port, '198.51.100.1')).toBe(true);
    expect(await from(trusting.port, '198.51.100.1, 198.51.100.2')).toBe(true);
    expect(await from(trusting.port, '203.0.113.9, 198.51.100.2')).toBe(false);
    expect(await from(trusting.port, '2001:db8:0:1::1')).toBe(true);
    expect(await from(trusting.port, '2001:db8:0:1:ffff::2')).toBe(false);
    const wary = await start({ limits });
    expect(await from(wary.port, '198.51.100.1')).toBe(true);
    expect(await from(wary.port, '198.51.100.2')).toBe(false);
  });
});

describe('frames on a real socket', () => {
  test('keep their order and arrive whole, large and small', async () => {
    const { port } = await start();
    const [ann, bob] = [await Dialled.plain(port, 'ann'), await Dialled.plain(port, 'bob')];
    const texts = Array.from({ length: 120 }, (_, i) => `${i}${'é€😀x'.repeat(i * 10)}`);
    for (const sdp of texts) ann.send({ type: 'create_offer', target: 'bob', data: { sdp } });
    await ann.settled();
    await bob.settled();
    const got = bob.heard.filter((text) => text.includes('offer_received'));
    expect(got.map((text) => (JSON.parse(text) as { data: string }).data)).toEqual(texts);
  });

  test('binary ones are refused, oversized ones are refused or end their own connection', async () => {
    const { port } = await start();
    const [ann, bob] = [await Dialled.plain(port, 'ann'), await Dialled.plain(port, 'bob')];
    ann.send(new Uint8Array([123, 125]));
    await ann.until(() => ann.heard.some((text) => text.includes('not_json')));
    ann.send(' '.repeat(33 * 1024));
    await ann.until(() => ann.heard.some((text) => text.includes('too_large')));
    ann.send(' '.repeat(65 * 1024));
    expect(await ann.ends()).toBe(1009);
    await bob.settled();
  });

  test('pings of the protocol itself are answered, and not without end', async () => {
    const { port } = await start();
    const ann = await Dialled.plain(port, 'ann');
    const pong = new Promise((done) => ann.socket.once('pong', done));
    ann.socket.ping('x');
    await pong;
    for (let i = 0; i < 200; i++) ann.socket.ping();
    await ann.ends();
  });

  test('a message in many pieces ends its own connection', async () => {
    const { port } = await start();
    const ann = await Dialled.plain(port, 'ann');
    for (let i = 0; i < 40; i++) ann.socket.send('x', { fin: false });
    expect(await ann.ends()).toBe(1008);
  });
});

describe('the end', () => {
  test('everybody is told, and the port is free at once', async () => {
    const server = await start();
    const ann = await Dialled.plain(server.port, 'ann');
    const stranger = await Dialled.open(server.port, { keyed: true });
    await server.close();
    expect([await ann.ends(), await stranger.ends()]).toEqual([1012, 1012]);
    expect(ann.heard.at(-1)).toContain('shutting_down');
    const again = await start({ port: server.port });
    expect(again.port).toBe(server.port);
  });

  test('a port in use is an error, and the store is left alone', async () => {
    const { port } = await start();
    await expect(start({ port, dataDir: '/nowhere/at/all' })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
