import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createTabLock, type TabLockState } from './tab-lock.ts';

type Hold = () => Promise<unknown>;
interface Asked {
  readonly options: LockOptions;
  grant(): void;
  /** As the platform does when another tab steals it. */
  rob(): void;
}

/** One lock as Web Locks has it, for several tabs; held and waiting ones are granted by hand. */
const createLocks = () => {
  const asked: Asked[] = [];
  const request = (_name: string, options: LockOptions, hold: Hold): Promise<unknown> =>
    new Promise((_resolve, reject) => {
      options.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
      asked.push({
        options,
        grant: () => void hold(),
        rob: () => reject(new DOMException('', 'AbortError')),
      });
    });
  return { asked, locks: { request } as unknown as Pick<LockManager, 'request'> };
};

const setUp = () => {
  const { asked, locks } = createLocks();
  const states: TabLockState[] = [];
  const lock = createTabLock('x', (state) => states.push(state), locks);
  const last = (): Asked => {
    const request = asked.at(-1);
    if (request === undefined) throw new Error('nothing asked');
    return request;
  };
  return { asked, states, lock, last };
};

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

describe('the tab lock', () => {
  it('is mine as soon as it is granted, and no other tab is spoken of', () => {
    const { states, last } = setUp();
    last().grant();
    vi.runAllTimers();
    expect(states).toEqual(['mine']);
  });

  it('is elsewhere if it is not granted soon, and mine when the other tab closes', () => {
    const { states, last } = setUp();
    vi.runAllTimers();
    last().grant();
    expect(states).toEqual(['elsewhere', 'mine']);
  });

  it('is taken over on demand, and the request that waits is given up', async () => {
    const { states, asked, lock, last } = setUp();
    vi.runAllTimers();
    lock.takeOver();
    expect(last().options).toEqual({ steal: true });
    expect(asked[0]?.options.signal?.aborted).toBe(true);
    last().grant();
    await vi.runAllTimersAsync();
    expect(states).toEqual(['elsewhere', 'mine']);
  });

  it('is robbed where another tab steals it, and comes back when that one closes', async () => {
    const { states, last } = setUp();
    last().grant();
    last().rob();
    await vi.runAllTimersAsync();
    expect(states).toEqual(['mine', 'robbed']);
    last().grant();
    expect(states).toEqual(['mine', 'robbed', 'mine']);
  });

  it('is not asked for again while it is mine', () => {
    const { asked, lock, last } = setUp();
    last().grant();
    lock.takeOver();
    expect(asked).toHaveLength(1);
  });
});
