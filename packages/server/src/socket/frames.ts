/** Text, and the only frame of its message (RFC 6455, section 5.2). */
const FIN_TEXT = 0x81;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

const headerBytes = (length: number): number => (length < LENGTH_16 ? 2 : length < 65_536 ? 4 : 10);

/**
 * Several messages as text frames in one piece, unmasked as a server sends them. `kept`: it may have to wait, so it gets memory
 * of its own size; otherwise a part of the platform's pool, which as a whole lives as long as its last part.
 */
export const textFrames = (texts: readonly string[], use: 'written' | 'kept'): Buffer => {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const size = lengths.reduce((sum, length) => sum + headerBytes(length) + length, 0);
  const frames = use === 'kept' ? Buffer.allocUnsafeSlow(size) : Buffer.allocUnsafe(size);
  let at = 0;
  for (const [i, text] of texts.entries()) {
    at = writeHeader(frames, at, lengths[i] ?? 0);
    at += frames.write(text, at);
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
