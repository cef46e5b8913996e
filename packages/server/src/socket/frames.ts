/** Text, and the only frame of its message (RFC 6455, section 5.2). */
const FIN_TEXT = 0x81;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

const headerBytes = (length: number): number => (length < LENGTH_16 ? 2 : length < 65_536 ? 4 : 10);

/** Several messages as text frames in one piece, unmasked as a server sends them. */
export const textFrames = (texts: readonly string[]): Buffer => {
  let size = 0;
  const lengths = texts.map((text) => {
    const length = Buffer.byteLength(text);
    size += headerBytes(length) + length;
    return length;
  });
  // What waits gets memory of its own: a part of the platform's pool would keep all of the pool.
  const frames = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (let i = 0; i < texts.length; i++) {
    at = writeHeader(frames, at, lengths[i] ?? 0);
    at += frames.write(texts[i] ?? '', at);
  }
  return frames;
};

/**
 * The same as a string of one character a byte, which goes to the system without a buffer in between. `undefined` where a text
 * has other characters than ASCII.
 */
export const asciiFrames = (texts: readonly string[]): string | undefined => {
  let frames = '';
  for (const text of texts) {
    const { length } = text;
    if (length > 65_535 || Buffer.byteLength(text) !== length) return undefined;
    frames +=
      length < LENGTH_16
        ? String.fromCharCode(FIN_TEXT, length) + text
        : String.fromCharCode(FIN_TEXT, LENGTH_16, length >> 8, length & 255) + text;
  }
  return frames;
};

const writeHeader = (frames: Buffer, at: number, length: number): number => {
  frames[at] = FIN_TEXT;
  if (length < LENGTH_16) {
    frames[at + 1] = length;
    return at + 2;
  }
  if (length < 65_536) {
    frames[at + 1] = LENGTH_16;
    return frames.writeUInt16BE(length, at + 2);
  }
  frames[at + 1] = LENGTH_64;
  frames.writeUInt32BE(0, at + 2);
  return frames.writeUInt32BE(length, at + 6);
};
