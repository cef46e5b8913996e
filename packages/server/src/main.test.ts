import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newDevice } from './stage/device.ts';
import { Dialled } from './stage/dial.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const STOP_MAX_MS = 2_000;
/** What a loaded machine may add to a time that is measured from outside, ms. */
const SLACK_MS = 3_000;

class Process {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown[]>;
  stdout = '';
  stderr = '';

  constructor(env: Record<string, string>, flags: readonly string[] = []) {
    this.#child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', MAIN, ...flags], {
      env: { ...process.env, ...env },
    });
    this.#ended = once(this.#child, 'exit');
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  /** The port that it says it has. */
  async port(): Promise<number> {
    for (;;) {
      const port = /localhost:(\d+)/.exec(this.stdout)?.[1];
      if (port !== undefined) return Number(port);
      if (!this.#child.stdout) throw new Error('No output');
      await Promise.race([once(this.#child.stdout, 'data'), this.#ended]);
      if (this.#child.exitCode !== null) throw new Error(`It ended: ${this.stderr}`);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async ends(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }
}

let dataDir: string;
const processes: Process[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'earshot-main-'));
});
afterEach(async () => {
  for (const one of processes.splice(0)) {
    one.kill('SIGKILL');
    await one.ends();
  }
  rmSync(dataDir, { recursive: true, force: true });
});

const run = (env: Record<string, string> = {}, flags: readonly string[] = []): Process => {
  const started = new Process({ PORT: '0', DATA_DIR: dataDir, ...env }, flags);
  processes.push(started);
  return started;
};

describe('the process', { timeout: 60_000 }, () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('stops cleanly on %s, and its port can be had again', async (signal) => {
    const first = run();
    const port = await first.port();
    expect(first.stdout).toBe(`Earshot is at http://localhost:${port}/\n`);
    const kim = newDevice();
    const dialled = await Dialled.keyed(port, 'kim', kim);
    const deaf = await Dialled.plain(port, 'deaf');
    deaf.socket.pause();
    const asked = performance.now();
    first.kill(signal);
    expect(await dialled.ends()).toBe(1012);
    expect(dialled.heard.at(-1)).toContain('shutting_down');
    expect(await first.ends()).toBe(0);
    expect(performance.now() - asked).toBeLessThan(STOP_MAX_MS + SLACK_MS);
    deaf.socket.terminate();

    const second = run({ PORT: `${port}` });
    expect(await second.port()).toBe(port);
    const rival = await Dialled.keyed(port, 'kim', newDevice());
    expect(rival.heard[1]).toContain('user_already_exists');
    expect((await Dialled.keyed(port, 'kim', kim)).heard[1]).toContain('user_stored');
  });

  test('logs its turns as JSON, without names, keys, content or whole addresses', async () => {
    const server = run();
    const port = await server.port();
    const kim = newDevice();
    const dialled = await Dialled.keyed(port, 'a-very-secret-name', kim);
    dialled.send({ type: 'create_offer', target: 'someone-else', data: { sdp: 'v=0 secret' } });
    await dialled.settled();
    server.kill('SIGTERM');
    await server.ends();
    const events = server.stderr
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events).toEqual(['started', 'came', 'registered', 'stopping', 'went', 'stopped']);
    for (const secret of ['secret', 'someone-else', kim.identity.person, '127.0.0.1']) {
      expect(server.stderr).not.toContain(secret);
    }
  });

  test('says in one sentence that the port is in use', async () => {
    const first = run();
    const port = await first.port();
    const second = run({ PORT: `${port}` });
    expect(await second.ends()).toBe(1);
    expect(second.stderr).toBe(`Port ${port} is in use by another program; choose another with PORT=…\n`);
    expect(second.stdout).toBe('');
  });

  test.each([
    [{ PORT: 'many' }, [], /^PORT must be a whole number/],
    [{}, ['--wan'], /^There is no option --wan/],
  ])('says in one sentence what is wrong with %j %j', async (env, flags, words) => {
    const server = run(env, flags);
    expect(await server.ends()).toBe(1);
    expect(server.stderr).toMatch(words);
    expect(server.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('in its own network it serves HTTPS with a certificate that stays the same', async () => {
    const certificate = async (): Promise<string> => {
      const server = run({}, ['--lan']);
      const port = await server.port();
      expect(server.stdout).toContain(`https://localhost:${port}/`);
      const asked = request({ host: 'localhost', port, path: '/healthz', rejectUnauthorized: false }).end();
      const [{ statusCode, socket }] = (await once(asked, 'response')) as [{ statusCode: number; socket: TLSSocket }];
      expect(statusCode).toBe(200);
      const { fingerprint256, subjectaltname } = socket.getPeerCertificate();
      expect(subjectaltname).toContain('DNS:localhost');
      expect(subjectaltname).toContain('IP Address:127.0.0.1');
      asked.destroy();
      server.kill('SIGTERM');
      expect(await server.ends()).toBe(0);
      return fingerprint256;
    };
    expect(await certificate()).toBe(await certificate());
    const file = join(dataDir, 'lan-certificate.json');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('PRIVATE KEY');
  });
});
