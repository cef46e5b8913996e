// The page of adapters.spec.ts: every adapter of the app, in a real browser, against what its port promises.
import { createWebCrypto } from '@earshot/client';
import {
  clockConformance,
  cryptoConformance,
  rtcConformance,
  socketConformance,
  storageConformance,
} from '@earshot/client/conformance';
import { createClock, createRtcPort, createSocketPort, openIndexedDb } from '@earshot/web/adapters';

const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** How long the slowest thing that a check waits for may take, ms. */
const UNTIL_MAX_MS = 5_000;

const until = async (done: () => boolean): Promise<void> => {
  const end = performance.now() + UNTIL_MAX_MS;
  while (!done()) {
    if (performance.now() > end) throw new Error('took too long');
    await pass(5);
  }
};

interface Check<Harness> {
  readonly name: string;
  run(harness: Harness): Promise<void>;
}

/** Runs every check with what `harness` makes for it. Answers how many passed, and a line for each that didn't. */
const runAll = async <Harness>(checks: readonly Check<Harness>[], harness: () => Harness) => {
  const failed: string[] = [];
  for (const { name, run } of checks) {
    try {
      await run(harness());
    } catch (error) {
      failed.push(`${name}: ${String(error)}`);
    }
  }
  return { passed: checks.length - failed.length, failed };
};

/** Settled means: whatever was on its way over the loopback has arrived. */
const SETTLE_MS = 100;

let stores = 0;

const suites = {
  clock: () => runAll(clockConformance, () => ({ clock: createClock(), pass })),
  crypto: () => runAll(cryptoConformance, createWebCrypto),
  rtc: () =>
    runAll(rtcConformance, () => ({ a: createRtcPort(RTCPeerConnection), b: createRtcPort(RTCPeerConnection), pass })),
  socket: () =>
    runAll(socketConformance, () => ({
      port: createSocketPort(),
      refused: createSocketPort({ protocol: 'http:', host: 'localhost:9' }),
      until,
      settle: () => pass(SETTLE_MS),
    })),
  storage: () =>
    runAll(storageConformance, () => {
      const name = `store-${stores++}`;
      return () => openIndexedDb(name);
    }),
} as const;

export type Suite = keyof typeof suites;

declare global {
  interface Window {
    runSuite: (suite: Suite) => Promise<{ readonly passed: number; readonly failed: readonly string[] }>;
  }
}

window.runSuite = (suite) => suites[suite]();
