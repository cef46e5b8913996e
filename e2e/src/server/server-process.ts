import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { until } from '../until.ts';

const MAIN = join(dirname(createRequire(import.meta.url).resolve('@earshot/server')), 'main.js');
const START_MAX_MS = 20_000;

/** All of a test run comes from one address, and quickly. */
const ROOM = { REGISTRATIONS_PER_MINUTE: '100000', CONNECTIONS_PER_ADDRESS: '1000' } as const;

/** The real server in a process of its own, with data of its own, that can be killed and started again where it was. */
export class ServerProcess {
  readonly #data: string;
  readonly #env: Readonly<Record<string, string>>;
  #port = 0;
  #process: ChildProcess | undefined;
  #output = '';

  private constructor(data: string, env: Readonly<Record<string, string>>) {
    this.#data = data;
    this.#env = env;
  }

  /** On a free port, with empty data. `env`: settings of the server beside PORT and DATA_DIR. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const server = new ServerProcess(await mkdtemp(join(tmpdir(), 'earshot-e2e-')), env);
    await server.start();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://localhost:${this.#port}/`;
  }

  /** Starts it on the port that it had. */
  async start(): Promise<void> {
    this.#output = '';
    const child = spawn(process.execPath, [MAIN], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...ROOM, ...this.#env, PORT: String(this.#port), DATA_DIR: this.#data },
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    this.#port = await until(
      'the server says where it is',
      () => {
        if (child.exitCode !== null) throw new Error(`The server ended (${child.exitCode}):\n${this.#output}`);
        const port = /http:\/\/localhost:(\d+)/.exec(this.#output)?.[1];
        return port === undefined ? undefined : Number(port);
      },
      START_MAX_MS,
    );
  }

  /** As a power cut would: no goodbye to anybody. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ends it for good and removes its data. */
  async close(): Promise<void> {
    await this.#end('SIGTERM');
    await rm(this.#data, { recursive: true, force: true });
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
