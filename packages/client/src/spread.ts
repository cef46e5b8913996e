import type { Crypto } from './ports/crypto.ts';

/** A random moment from half of `ms` to all of it, so that many devices don't come back at once. */
export const spread = (crypto: Pick<Crypto, 'random'>, ms: number): number => {
  const [high = 0, low = 0] = crypto.random(2);
  return ms / 2 + (ms / 2) * ((high * 256 + low) / 65_536);
};
