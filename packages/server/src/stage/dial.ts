import { encodeSignal, fromBase64Url, SUBPROTOCOL } from '@earshot/protocol';
import { WebSocket } from 'ws';
import type { Device } from './device.ts';

export interface DialOptions {
  readonly keyed?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
}

/** A client on a real socket. */
export class Dialled {
  readonly socket: WebSocket;
  readonly heard: string[] = [];
  #closed: number | null = null;
  #pings = 0;
  #pongs = 0;
  readonly #waiters = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data, isBinary) => {
      this.heard.push(isBinary ? 'binary' : (data as Buffer).toString());
      this.#wake();
    });
    socket.on('pong', () => {
      this.#pongs++;
      this.#wake();
    });
    socket.on('close', (code) => {
      this.#closed = code;
      this.#wake();
    });
    socket.on('error', () => {});
  }

  /** Rejects where it isn't let in, with the status in the message. */
  static open(port: number, { keyed = false, headers = {}, path = '/' }: DialOptions = {}): Promise<Dialled> {
    return new Promise((done, refused) => {
      const socket = new WebSocket(`ws://localhost:${port}${path}`, keyed ? [SUBPROTOCOL] : [], { headers });
      const dialled = new Dialled(socket);
      socket.once('open', () => done(dialled));
      socket.once('error', refused);
    });
  }

  static async plain(port: number, name: string): Promise<Dialled> {
    const dialled = await Dialled.open(port);
    dialled.send({ type: 'store_user', name });
    await dialled.hears('user_stored');
    return dialled;
  }

  /** Ends with `user_stored` or whatever else the server answered. */
  static async keyed(port: number, name: string, device: Device): Promise<Dialled> {
    const dialled = await Dialled.open(port, { keyed: true });
    const challenge = (await dialled.hears('challenge')) as { data: { nonce: string } };
    const nonce = fromBase64Url(challenge.data.nonce) ?? new Uint8Array();
    const data = device.claim(name, nonce, `localhost:${port}`);
    dialled.send({ type: 'store_user', name, data });
    await dialled.until(() => dialled.heard.length > 1);
    return dialled;
  }

  /** The code that it was closed with. */
  get closed(): number | null {
    return this.#closed;
  }

  /** A text or bytes as they are, anything else as JSON. */
  send(message: unknown): void {
    const raw = typeof message === 'string' || message instanceof Uint8Array;
    this.socket.send(raw ? message : encodeSignal(message as never));
  }

  /** The first frame of that type, when it has come. */
  async hears(type: string): Promise<unknown> {
    const find = (): unknown =>
      this.heard.map((text) => JSON.parse(text) as { type: string }).find((message) => message.type === type);
    await this.until(() => find() !== undefined);
    return find();
  }

  /** Resolves when `holds` does after a frame or the end. Rejects when the connection ended without. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((done, failed) => {
      const look = (): void => {
        if (holds()) done();
        else if (this.#closed !== null)
          failed(new Error(`Closed with ${this.#closed} after ${this.heard.slice(-3).join(' ')}`));
        else return;
        this.#waiters.delete(look);
      };
      this.#waiters.add(look);
      look();
    });
  }

  async ends(): Promise<number> {
    await this.until(() => this.#closed !== null);
    return this.#closed ?? 0;
  }

  /** Everything that was sent before has been answered when this resolves. */
  async settled(): Promise<void> {
    const pongs = (): number => this.heard.filter((text) => text === '{"type":"pong"}').length;
    const before = pongs();
    this.send({ type: 'ping' });
    await this.until(() => pongs() > before);
  }

  /** Everything that was sent before has been read when this resolves, or the connection has ended. */
  async read(): Promise<void> {
    const expected = ++this.#pings;
    if (this.#closed === null) this.socket.ping();
    await this.until(() => this.#pongs >= expected || this.#closed !== null);
  }

  #wake(): void {
    for (const look of this.#waiters) look();
  }
}
