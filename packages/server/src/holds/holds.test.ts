import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { HoldStore } from '../introducer/types.ts';
import { newDevice } from '../stage/device.ts';
import { openDurableHolds } from './lmdb-holds.ts';
import { createMemoryHolds } from './memory-holds.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const durable = (): HoldStore => {
  const directory = mkdtempSync(join(tmpdir(), 'earshot-holds-'));
  ends.push(() => rmSync(directory, { recursive: true, force: true }));
  const holds = openDurableHolds(directory);
  ends.push(() => holds.close());
  return holds;
};

describe.each([
  ['in memory', createMemoryHolds],
  ['on disk', durable],
])('holds %s', (_, open) => {
  const [{ person }, { person: other }] = [newDevice().identity, newDevice().identity];

  test('are seen at once, and gone at once', async () => {
    const holds = open();
    expect(holds.get('kim')).toBeUndefined();
    const put = holds.put('kim', { person, until: 1 });
    expect(holds.get('kim')).toEqual({ person, until: 1 });
    const again = holds.put('kim', { person: other, until: 2 });
    expect(holds.get('kim')).toEqual({ person: other, until: 2 });
    await Promise.all([put, again]);
    expect(holds.get('kim')).toEqual({ person: other, until: 2 });
    const gone = holds.delete('kim');
    expect(holds.get('kim')).toBeUndefined();
    await gone;
    expect(holds.get('kim')).toBeUndefined();
  });

  test('are counted, and swept when they end', async () => {
    const holds = open();
    await Promise.all(Array.from({ length: 10 }, (_, i) => holds.put(`name ${i}`, { person, until: i })));
    await holds.put('name 0', { person, until: 0 });
    await holds.delete('nobody');
    expect(holds.size).toBe(10);
    await holds.sweep(4);
    expect(holds.size).toBe(6);
    expect(holds.get('name 3')).toBeUndefined();
    expect(holds.get('name 4')).toBeDefined();
  });

  test('of the longest names, in any script', async () => {
    const holds = open();
    const name = '\u{1f468}'.repeat(40) + 'ﷺ'.repeat(40);
    await holds.put(name, { person, until: 1 });
    expect(holds.get(name)?.person).toBe(person);
  });
});
