import { utf8 } from '@earshot/protocol';

/**
 * Turns what a data channel delivers into bytes, in order. Text and buffers are there at once; a blob, which a platform may
 * give in spite of `binaryType`, has to be read first, and what came after it waits.
 */
export class MessageOrder {
  readonly #deliver: (data: Uint8Array) => void;
  #reading: Promise<void> | null = null;

  constructor(deliver: (data: Uint8Array) => void) {
    this.#deliver = deliver;
  }

  push(data: unknown): void {
    if (this.#reading === null && !(data instanceof Blob)) {
      const bytes = bytesOf(data);
      if (bytes !== undefined) this.#deliver(bytes);
      return;
    }
    const reading = (this.#reading ?? Promise.resolve()).then(async () => {
      const bytes = data instanceof Blob ? new Uint8Array(await data.arrayBuffer()) : bytesOf(data);
      if (bytes !== undefined) this.#deliver(bytes);
      if (this.#reading === reading) this.#reading = null;
    });
    this.#reading = reading;
  }
}

const bytesOf = (data: unknown): Uint8Array | undefined => {
  if (typeof data === 'string') return utf8(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return undefined;
};
