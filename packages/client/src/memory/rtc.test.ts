import { describe, expect, test } from 'vitest';
import { rtcConformance } from '../conformance/rtc.ts';
import { End, join, opened, type RtcPair } from '../conformance/rtc-ends.ts';
import { VirtualTime } from './clock.ts';
import { createRandom } from './crypto-random.ts';
import { MemoryNetwork } from './rtc-network.ts';

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

const createWorld = (seed: number) => {
  const time = new VirtualTime();
  const network = new MemoryNetwork({ clock: time.clock(), random: createRandom(seed) });
  const [a, b] = [network.tab('a'), network.tab('b')];
  const pass = async (ms: number): Promise<void> => {
    await settle();
    const end = time.now + ms;
    for (let due = time.next(); due !== null && due <= end; due = time.next()) {
      time.step();
      await settle();
    }
    time.advance(end - time.now);
    await settle();
  };
  return { time, network, a, b, pass } satisfies RtcPair & { time: VirtualTime; network: MemoryNetwork };
};

describe.each([1, 2, 3])('WebRTC in memory, seed %s', (seed) => {
  test.each(rtcConformance)('$name', async ({ run }) => {
    const world = createWorld(seed);
    await run(world);
    await world.pass(100_000);
    expect(world.time.next(), 'something is still waited for').toBeNull();
  });
});

describe('a cut', () => {
  test('delays what is under way and is forgotten if it ends soon', async () => {
    const world = createWorld(1);
    const [a, b] = await opened(world);
    world.network.setLink('a', 'b', { reach: 'cut' });
    for (const byte of [1, 2, 3]) a.connection.send(Uint8Array.of(byte));
    await world.pass(4_999);
    expect(b.messages).toEqual([]);
    expect(b.states.at(-1)).toBe('connected');
    world.network.setLink('a', 'b', { reach: 'direct' });
    await world.pass(20_000);
    expect(b.messages.map(([byte]) => byte)).toEqual([1, 2, 3]);
    expect(b.states).toEqual(['connecting', 'connected']);
  });

  test('is said after five seconds and heals', async () => {
    const world = createWorld(1);
    const [a, b] = await opened(world);
    world.network.setOnline('a', false);
    await world.pass(5_000);
    expect([a.states.at(-1), b.states.at(-1)]).toEqual(['disconnected', 'disconnected']);
    expect(a.connection.send(Uint8Array.of(7))).toBe(true);
    world.network.setOnline('a', true);
    await world.pass(100);
    expect([a.states.at(-1), b.states.at(-1)]).toEqual(['connected', 'connected']);
    expect(b.messages).toEqual([Uint8Array.of(7)]);
  });

  test('is final after fifteen', async () => {
    const world = createWorld(1);
    const [a, b] = await opened(world);
    world.network.setLink('a', 'b', { reach: 'cut' });
    a.connection.send(Uint8Array.of(7));
    await world.pass(15_000);
    world.network.setLink('a', 'b', { reach: 'direct' });
    await world.pass(60_000);
    expect([a.states.at(-1), b.states.at(-1)]).toEqual(['failed', 'failed']);
    expect(b.messages).toEqual([]);
    expect(a.connection.send(Uint8Array.of(7))).toBe(false);
  });

  test('while it opens holds the opening up', async () => {
    const world = createWorld(1);
    const [a, b] = [new End(world.a), new End(world.b)];
    await join(a, b);
    await world.pass(35);
    world.network.setLink('a', 'b', { reach: 'cut' });
    await world.pass(3_000);
    expect(a.open && b.open).toBe(false);
    world.network.setLink('a', 'b', { reach: 'direct' });
    await world.pass(200);
    expect(a.open && b.open).toBe(true);
  });

  test('hides a goodbye: it looks like any other silence', async () => {
    const world = createWorld(1);
    const [a, b] = await opened(world);
    world.network.setLink('a', 'b', { reach: 'cut' });
    a.connection.close();
    world.network.setLink('a', 'b', { reach: 'direct' });
    await world.pass(15_000);
    expect(b.log).not.toContain('channelClosed');
    expect(b.states.at(-1)).toBe('failed');
  });
});

describe('a tab that dies', () => {
  test('says and hears nothing; the other side finds out by itself', async () => {
    const world = createWorld(1);
    const [a, b] = await opened(world);
    const said = a.log.length;
    b.connection.send(Uint8Array.of(1));
    world.a.kill();
    await world.pass(14_999);
    expect(b.states.at(-1)).toBe('disconnected');
    await world.pass(1);
    expect(b.states.at(-1)).toBe('failed');
    expect(b.log).not.toContain('channelClosed');
    expect(a.log).toHaveLength(said);
  });

  test('leaves its place to a new one', async () => {
    const world = createWorld(1);
    await opened(world);
    world.a.kill();
    const again = { ...world, a: world.network.tab('a') };
    const [a] = await opened(again);
    expect(a.open).toBe(true);
  });
});

test('closing loses what is under way in some runs and not in others', async () => {
  const arrived = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    const world = createWorld(seed);
    const [a, b] = await opened(world);
    a.connection.send(Uint8Array.of(1));
    a.connection.close();
    await world.pass(100);
    expect(b.log.at(-1)).toBe('channelClosed');
    arrived.add(b.messages.length);
  }
  expect(arrived).toEqual(new Set([0, 1]));
});

test('the same seed is the same run, another seed another', async () => {
  const run = async (seed: number): Promise<string> => {
    const world = createWorld(seed);
    const ends = await opened(world);
    return JSON.stringify(ends.map(({ log, candidates }) => [log, candidates]));
  };
  const runs = await Promise.all([1, 1, 2, 3, 4, 5, 6].map(run));
  expect(runs[0]).toBe(runs[1]);
  expect(new Set(runs).size).toBeGreaterThan(1);
});
