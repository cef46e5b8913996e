import { createRandom } from '@earshot/client/memory';

/** Chance that comes out the same for the same seed. */
export interface Dice {
  /** From 0 up to but not including 1. */
  fraction(): number;
  /** Whole, from `min` to `max`, both included. */
  between(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly [T, ...T[]]): T;
  pickAny<T>(from: readonly T[]): T | undefined;
}

/** `stream` keeps what is drawn for one purpose from shifting what is drawn for another. */
export const createDice = (seed: number, stream: number): Dice => {
  const { fraction } = createRandom((Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) | 0);
  const between = (min: number, max: number): number => min + Math.floor(fraction() * (max - min + 1));
  return {
    fraction,
    between,
    chance: (probability) => fraction() < probability,
    pick: (from) => from[between(0, from.length - 1)] ?? from[0],
    pickAny: (from) => from[between(0, from.length - 1)],
  };
};
