import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createClock } from './clock.ts';

const DAY_MS = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

describe('the clock', () => {
  it('acts once, not before its time', () => {
    const act = vi.fn();
    createClock().after(1_000, act);
    vi.advanceTimersByTime(999);
    expect(act).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10_000);
    expect(act).toHaveBeenCalledTimes(1);
  });

  it('does not act after it was cancelled', () => {
    const act = vi.fn();
    createClock().after(1_000, act)();
    vi.advanceTimersByTime(10_000);
    expect(act).not.toHaveBeenCalled();
  });

  it('waits longer than one timer of the browser can, and can be cancelled late', () => {
    const [act, other] = [vi.fn(), vi.fn()];
    const clock = createClock();
    clock.after(60 * DAY_MS, act);
    const cancel = clock.after(60 * DAY_MS, other);
    vi.advanceTimersByTime(59 * DAY_MS);
    expect(act).not.toHaveBeenCalled();
    cancel();
    vi.advanceTimersByTime(2 * DAY_MS);
    expect(act).toHaveBeenCalledTimes(1);
    expect(other).not.toHaveBeenCalled();
  });
});
