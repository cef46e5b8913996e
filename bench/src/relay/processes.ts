import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Contender } from './contenders.ts';
import type { CrowdOrder, ServerOrder } from './orders.ts';

const MAIN = fileURLToPath(new URL('../relay.ts', import.meta.url));

/** A process that answers each word with one. */
class Answering {
  readonly #child: ChildProcess;
  #answered: { readonly done: (message: unknown) => void; readonly failed: (error: Error) => void } | undefined;

  constructor(role: 'serve' | 'crowd', ...words: readonly string[]) {
    this.#child = fork(MAIN, [role, ...words], {
      execArgv: ['--expose-gc', '--conditions=source', '--import', 'tsx'],
    });
    this.#child.on('message', (message) => this.#answered?.done(message));
    this.#child.on('exit', (code) => this.#answered?.failed(new Error(`A process ended with ${code}`)));
  }

  /** Its next message, of whose shape only the two of them know. */
  hears<T>(): Promise<T> {
    return new Promise((done, failed) => {
      this.#answered = { done: (message) => done(message as T), failed };
    });
  }

  asks<T>(order: ServerOrder | CrowdOrder): Promise<T> {
    const answer = this.hears<T>();
    this.#child.send(order);
    return answer;
  }

  async end(): Promise<void> {
    this.#answered = undefined;
    const ended = once(this.#child, 'exit');
    this.#child.kill();
    await ended;
  }
}

/** One server in its process, and its users in another. */
export class Arena {
  readonly contender: Contender;
  readonly #server: Answering;
  readonly #crowd: Answering;

  private constructor(contender: Contender, server: Answering, users: Answering) {
    this.contender = contender;
    this.#server = server;
    this.#crowd = users;
  }

  static async open(contender: Contender): Promise<Arena> {
    const server = new Answering('serve', contender);
    const { port } = await server.hears<{ port: number }>();
    const users = new Answering('crowd', contender, `${port}`);
    await users.hears();
    return new Arena(contender, server, users);
  }

  /** µs of its time, or bytes of its memory. */
  async used(what: ServerOrder): Promise<number> {
    return (await this.#server.asks<{ used: number }>(what)).used;
  }

  order(order: CrowdOrder): Promise<void> {
    return this.#crowd.asks(order);
  }

  /** The server's CPU time while the crowd obeyed, µs. */
  async cost(order: CrowdOrder): Promise<number> {
    const before = await this.used('cpu');
    await this.order(order);
    return (await this.used('cpu')) - before;
  }

  async close(): Promise<void> {
    await this.#crowd.end();
    await this.#server.end();
  }
}
