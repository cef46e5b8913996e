/** Random as far as tests need it, and the same for the same seed. */
export interface SeededRandom {
  /** From 0 up to but not including 1. */
  fraction(): number;
  bytes(length: number): Uint8Array;
}

export const createRandom = (seed: number): SeededRandom => {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 0;
  /** 32 bits: a counter through a mixer, so that every seed has the full period. */
  const word = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let w = Math.imul(state ^ (state >>> 15), state | 1);
    w ^= w + Math.imul(w ^ (w >>> 7), w | 61);
    return (w ^ (w >>> 14)) >>> 0;
  };
  return {
    fraction: () => word() / 0x1_0000_0000,
    bytes(length) {
      const words = new Uint32Array(Math.ceil(length / 4));
      for (let i = 0; i < words.length; i++) words[i] = word();
      return new Uint8Array(words.buffer, 0, length);
    },
  };
};
