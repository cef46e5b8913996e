// `npm run -w e2e crash -- 100`: the long form of crash.spec.ts, with figures.
import { chromium } from '@playwright/test';
import { CHROMIUM_LAUNCH } from '../people/browsers.ts';
import { ServerProcess } from '../server/server-process.ts';
import { crashWhileWriting } from './rounds.ts';

const rounds = Number(process.argv[2] ?? 100);
/** So often does one pair crash before another takes its place: histories stay of a size that is quick to read through. */
const ROUNDS_PER_PAIR = 10;

const server = await ServerProcess.start();
const browser = await chromium.launch(CHROMIUM_LAUNCH);
const started = performance.now();
let done = 0;
let shown = 0;
let waiting = 0;
try {
  while (done < rounds) {
    const figures = await crashWhileWriting(browser, server.url, Math.min(ROUNDS_PER_PAIR, rounds - done), (round) => {
      console.log(`round ${done + round + 1}: nothing lost, nothing doubled`);
    });
    done += figures.rounds;
    shown += figures.shown;
    waiting += figures.waiting;
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(
    `${done} kills: ${shown} messages were shown as queued or delivered, ${waiting} of them not delivered yet; 0 lost, 0 doubled (${seconds} s)`,
  );
} finally {
  await browser.close();
  await server.close();
}
