import { assert, fail, ok, type Result } from './result.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** `undefined` where the bytes aren't UTF-8. */
export const fromUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
};

export const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** Lexicographic, as memcmp: negative, zero or positive. */
export const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NO_VALUE = 255;
/** By character code; ids are read at every step, so this is a table. */
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = ALPHABET.indexOf(String.fromCharCode(code));
  return value === -1 ? NO_VALUE : value;
});

/** base64url without padding (RFC 4648, section 5). */
export const toBase64Url = (bytes: Uint8Array): string => {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let j = 0; j < Math.min(4, left + 1); j++) text += ALPHABET[(group >> (18 - 6 * j)) & 63];
  }
  return text;
};

/** `undefined` where the text isn't the one canonical base64url of some bytes. */
export const fromBase64Url = (text: string): Uint8Array | undefined => {
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? NO_VALUE;
    if (value === NO_VALUE) return undefined;
    bits = (bits << 6) | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = (bits >> held) & 255;
      bits &= (1 << held) - 1;
    }
  }
  return bits === 0 ? bytes : undefined;
};

/** Length-prefixed concatenation: what is signed or hashed never depends on where one field ends. Strings go as UTF-8. */
export const lengthPrefixed = (...fields: readonly (string | Uint8Array)[]): Uint8Array => {
  const writer = new Writer();
  for (const field of fields) writer.bytes(typeof field === 'string' ? utf8(field) : field);
  return writer.done();
};

/** Writes what {@link Reader} reads. Grows by doubling; `done` hands out an exact copy. */
export class Writer {
  #buffer = new Uint8Array(256);
  #at = 0;

  get length(): number {
    return this.#at;
  }

  byte(value: number): this {
    assert(Number.isInteger(value) && value >= 0 && value <= 255, 'not a byte');
    this.#room(1);
    this.#buffer[this.#at++] = value;
    return this;
  }

  /** Unsigned LEB128 of an integer from 0 to 2^53 − 1. */
  number(value: number): this {
    assert(Number.isSafeInteger(value) && value >= 0, 'a number that has no encoding');
    let rest = value;
    while (rest >= 128) {
      this.byte((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    return this.byte(rest);
  }

  /** Bytes whose length the reader knows. */
  fixed(bytes: Uint8Array): this {
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }

  bytes(bytes: Uint8Array): this {
    return this.number(bytes.length).fixed(bytes);
  }

  text(text: string): this {
    return this.bytes(utf8(text));
  }

  list<T>(items: readonly T[], write: (writer: this, item: T) => void): this {
    this.number(items.length);
    for (const item of items) write(this, item);
    return this;
  }

  done(): Uint8Array {
    return this.#buffer.slice(0, this.#at);
  }

  #room(more: number): void {
    if (this.#at + more <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#at + more));
    larger.set(this.#buffer.subarray(0, this.#at));
    this.#buffer = larger;
  }
}

/** Thrown inside {@link decode} alone, and caught there. */
class Malformed extends Error {}

/** A cursor over hostile bytes. Use it through {@link decode}. */
export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  /** Views `bytes` as plain ones: `slice` of Node's own kind shares memory with what the socket will write over. */
  constructor(bytes: Uint8Array) {
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new Malformed();
    this.#at++;
    return value;
  }

  /** Refuses what isn't the shortest form, so that one value has one encoding. */
  number(max = Number.MAX_SAFE_INTEGER): number {
    let value = 0;
    let scale = 1;
    for (let length = 1; length <= 8; length++) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (value > max) throw new Malformed();
      if (byte < 128) {
        if (byte === 0 && length > 1) throw new Malformed();
        return value;
      }
      scale *= 128;
    }
    throw new Malformed();
  }

  fixed(length: number): Uint8Array {
    if (length > this.left) throw new Malformed();
    const part = this.#bytes.slice(this.#at, this.#at + length);
    this.#at += length;
    return part;
  }

  bytes(max: number): Uint8Array {
    return this.fixed(this.number(max));
  }

  text(maxBytes: number): string {
    const text = fromUtf8(this.bytes(maxBytes));
    if (text === undefined) throw new Malformed();
    return text;
  }

  list<T>(max: number, read: (reader: this) => T): T[] {
    const length = this.number(max);
    const items: T[] = [];
    for (let i = 0; i < length; i++) items.push(read(this));
    return items;
  }

  /** Refuses what a grammar can't say. */
  require(condition: boolean): void {
    if (!condition) throw new Malformed();
  }

  end(): void {
    if (this.left !== 0) throw new Malformed();
  }
}

/** Runs a decoder over all of `bytes`: too few, too many or ill-formed ones are `malformed`, never an exception. */
export const decode = <T>(bytes: Uint8Array, read: (reader: Reader) => T): Result<T, 'malformed'> => {
  const reader = new Reader(bytes);
  try {
    const value = read(reader);
    reader.end();
    return ok(value);
  } catch (error) {
    if (error instanceof Malformed) return fail('malformed');
    throw error;
  }
};
