import { createEngine, createWebCrypto, type Engine, type Ports, type StartFault } from '@earshot/client';
import { fail } from '@earshot/protocol';
import { signal } from '@preact/signals';
import {
  createClock,
  createRtcPort,
  createSocketPort,
  createTabLock,
  type IndexedDbStorage,
  openIndexedDb,
  type TabLock,
  watchNetwork,
} from '../adapters/index.ts';
import { findLack, type Lack } from './support.ts';

/** How far Earshot has come in this tab. */
export type Stage =
  | { readonly kind: 'opening' }
  | { readonly kind: 'lacking'; readonly lack: Lack }
  | { readonly kind: 'elsewhere' | 'robbed'; readonly lock: TabLock }
  | { readonly kind: 'broken'; readonly fault: StartFault }
  | { readonly kind: 'running'; readonly engine: Engine };

export const stage = signal<Stage>({ kind: 'opening' });

const LOCK_NAME = 'earshot';
const DATABASE_NAME = 'earshot';

/** Runs Earshot in this tab, as soon as it is this tab's turn. */
export const start = async (): Promise<void> => {
  const lack = await findLack();
  if (lack !== null) {
    stage.value = { kind: 'lacking', lack };
    return;
  }
  let stop: (() => Promise<void>) | undefined;
  const lock: TabLock = createTabLock(LOCK_NAME, (state) => {
    if (state === 'mine') {
      stage.value = { kind: 'opening' };
      stop = run();
    } else {
      void stop?.();
      stop = undefined;
      if (state !== 'asking') stage.value = { kind: state, lock };
    }
  });
};

/** Answers what ends it. An engine that is still being made when it ends is closed as soon as it is there. */
const run = (): (() => Promise<void>) => {
  const ended = new AbortController();
  const made = make(ended.signal);
  return async () => {
    ended.abort();
    await (await made)?.();
  };
};

const make = async (ended: AbortSignal): Promise<(() => Promise<void>) | undefined> => {
  const storage = await openIndexedDb(DATABASE_NAME).catch(() => null);
  const created = storage === null ? fail('storage_broken' as const) : await createEngine(ports(storage));
  if (!created.ok) {
    storage?.close();
    if (!ended.aborted) stage.value = { kind: 'broken', fault: created.error };
    return undefined;
  }
  const engine = created.value;
  if (!ended.aborted) {
    ended.addEventListener(
      'abort',
      watchNetwork(() => engine.networkChanged()),
      { once: true },
    );
    // The others learn at once that this person is away.
    window.addEventListener('pagehide', ({ persisted }) => !persisted && void engine.close(), { signal: ended });
    stage.value = { kind: 'running', engine };
  }
  return async () => {
    await engine.close();
    storage?.close();
  };
};

const ports = (storage: IndexedDbStorage): Ports => ({
  clock: createClock(),
  crypto: createWebCrypto(),
  socket: createSocketPort(),
  rtc: createRtcPort(RTCPeerConnection),
  storage,
});
