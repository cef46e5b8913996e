import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Limits } from '../introducer/limits.ts';

const SERVE = fileURLToPath(new URL('./serve.ts', import.meta.url));

/** A server process under test: what it uses, and whether it lives. */
export class ServerProcess {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #errors: string[];

  private constructor(child: ChildProcess, port: number, errors: string[]) {
    this.port = port;
    this.#child = child;
    this.#errors = errors;
  }

  static async start(limits: Partial<Limits> = {}): Promise<ServerProcess> {
    const child = fork(SERVE, [JSON.stringify(limits)], {
      execArgv: ['--expose-gc', '--conditions=source', '--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    const errors: string[] = [];
    child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text));
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new ServerProcess(child, port, errors);
  }

  /** Resident memory, bytes. Rejects where the process has ended. */
  async memory(): Promise<number> {
    if (this.#child.exitCode !== null) throw new Error(`The server ended: ${this.#errors.join('')}`);
    this.#child.send('memory');
    const [{ rss }] = (await once(this.#child, 'message')) as [{ rss: number }];
    return rss;
  }

  /** All that it wrote to its standard error. */
  get errors(): string {
    return this.#errors.join('');
  }

  get lives(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async stop(): Promise<void> {
    if (!this.lives) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}
