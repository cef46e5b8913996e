import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Heartbeat } from './heartbeat.ts';
import { HEARTBEAT_MS, HEARTBEAT_SLOTS } from './limits.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('everybody beats once in the time, never many at one moment', () => {
  const heartbeat = new Heartbeat();
  const beats = Array.from({ length: 1000 }, () => vi.fn());
  for (const beat of beats) heartbeat.add({ beat });
  const count = (): number => beats.reduce((sum, beat) => sum + beat.mock.calls.length, 0);
  for (let i = 0, before = 0; i < HEARTBEAT_SLOTS; i++) {
    vi.advanceTimersByTime(HEARTBEAT_MS / HEARTBEAT_SLOTS);
    expect(count() - before).toBe(10);
    before = count();
  }
  expect(beats.every((beat) => beat.mock.calls.length === 1)).toBe(true);
  heartbeat.stop();
});

test('who is taken off beats no more', () => {
  const heartbeat = new Heartbeat();
  const beat = vi.fn();
  const takeOff = heartbeat.add({ beat });
  takeOff();
  vi.advanceTimersByTime(2 * HEARTBEAT_MS);
  expect(beat).not.toHaveBeenCalled();
  heartbeat.stop();
});
