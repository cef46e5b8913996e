import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client as cheap as it gets, so that the server is what is measured: frames are written ready-made and only counted. */
export class RawSocket {
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  /** `null`: what comes waits for somebody who listens. */
  #heard: ((text: () => string) => void) | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async dial(port: number, path: string, protocol: string | null): Promise<RawSocket> {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    const offered = protocol === null ? '' : `Sec-WebSocket-Protocol: ${protocol}\r\n`;
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${offered}\r\n`,
    );
    const raw = new RawSocket(socket);
    let head = Buffer.alloc(0);
    for (let end = -1; end === -1; end = head.indexOf('\r\n\r\n')) {
      const [part] = (await once(socket, 'data')) as [Buffer];
      head = Buffer.concat([head, part]);
    }
    if (!head.subarray(9, 12).equals(Buffer.from('101'))) throw new Error(`Not let in: ${head.toString()}`);
    raw.#read(head.subarray(head.indexOf('\r\n\r\n') + 4));
    socket.on('data', (data) => raw.#read(data));
    socket.on('error', () => {});
    return raw;
  }

  /** Called for each text frame; the text is only made when it is asked for. */
  onText(heard: (text: () => string) => void): void {
    this.#heard = heard;
    this.#read(Buffer.alloc(0));
  }

  write(frames: Buffer): void {
    this.#socket.write(frames);
  }

  /** Resolves with the next text for which `wanted` holds. */
  next(wanted: (text: string) => boolean): Promise<string> {
    return new Promise((done) => {
      this.onText((text) => {
        const said = text();
        if (!wanted(said)) return;
        this.#heard = null;
        done(said);
      });
    });
  }

  #read(data: Buffer): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, data]) : data;
    let at = 0;
    while (this.#heard && bytes.length - at >= 2) {
      const short = bytes.readUInt8(at + 1);
      if (short === 127 || (short === 126 && bytes.length - at < 4)) break;
      const from = at + (short === 126 ? 4 : 2);
      const to = from + (short === 126 ? bytes.readUInt16BE(at + 2) : short);
      if (to > bytes.length) break;
      if (bytes[at] === 0x81) this.#heard(() => bytes.toString('utf8', from, to));
      else if (bytes[at] === 0x89) this.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
      at = to;
    }
    this.#rest = Buffer.from(bytes.subarray(at));
  }
}

/** A client's text frame (RFC 6455, section 5.2). Masked with a mask that costs the server what any mask costs. */
export const clientFrame = (text: string): Buffer => {
  const body = Buffer.from(text);
  const mask = Buffer.from([0x12, 0x34, 0x56, 0x78]);
  const head = body.length < 126 ? Buffer.from([0x81, 0x80 | body.length]) : Buffer.from([0x81, 0xfe, 0, 0]);
  if (body.length >= 126) head.writeUInt16BE(body.length, 2);
  for (const [i, byte] of body.entries()) body[i] = byte ^ (mask[i % 4] ?? 0);
  return Buffer.concat([head, mask, body]);
};
