import { expect, test } from 'vitest';
import { unseen } from '../invariants/self-test.ts';
import { runSeed } from './run.ts';

const MINUTE = 60_000;

test(
  'equal seeds make equal runs, others make others',
  async () => {
    const hashes = new Set<string>();
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const [one, again] = [await runSeed(seed), await runSeed(seed, { readable: true })];
      expect(again.hash).toBe(one.hash);
      expect(one.trace).toEqual([]);
      expect(again.trace.length).toBeGreaterThan(20);
      hashes.add(one.hash);
    }
    expect(hashes.size).toBe(6);
  },
  MINUTE,
);

test(
  'no checker is blind',
  async () => {
    expect(await unseen()).toEqual([]);
  },
  MINUTE,
);
