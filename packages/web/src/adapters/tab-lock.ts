/**
 * Who owns the identity of this browser: two tabs that both wrote would be two devices with one key.
 * `elsewhere`: another tab has it; this one gets it when that one closes, or takes it over. `robbed`: another tab took it from this one.
 */
export type TabLockState = 'asking' | 'mine' | 'elsewhere' | 'robbed';

export interface TabLock {
  /** Takes the identity from the tab that has it. */
  takeOver(): void;
}

/** How long the lock may take before the person reads that another tab has it, ms: a page that reloads meets its own old lock. */
const PATIENCE_MS = 400;

/** Asks for the lock called `name` (Web Locks API) and tells each change of state, in order. */
export const createTabLock = (
  name: string,
  changed: (state: TabLockState) => void,
  locks: Pick<LockManager, 'request'> = navigator.locks,
): TabLock => {
  let state: TabLockState = 'asking';
  let queued = new AbortController();

  const become = (next: TabLockState): void => {
    if (next === state) return;
    state = next;
    changed(next);
  };

  const request = (options: LockOptions): void => {
    let held = false;
    const hold = (): Promise<never> => {
      held = true;
      become('mine');
      // Kept until the page ends or another tab steals it.
      return new Promise<never>(() => undefined);
    };
    locks.request(name, options, hold).catch(() => {
      if (!held) return;
      become('robbed');
      queue();
    });
  };

  const queue = (): void => {
    queued = new AbortController();
    request({ signal: queued.signal });
  };

  queue();
  setTimeout(() => {
    if (state === 'asking') become('elsewhere');
  }, PATIENCE_MS);

  return {
    takeOver: () => {
      if (state === 'mine') return;
      queued.abort();
      request({ steal: true });
    },
  };
};
