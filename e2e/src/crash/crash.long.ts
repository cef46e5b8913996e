import { test } from '../people/people.ts';
import { crashWhileWriting } from './rounds.ts';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 100);
/** So often does one pair crash before another takes its place: histories stay of a size that is quick to read through. */
const ROUNDS_PER_PAIR = 10;

test(`${ROUNDS} kills while a person types and sends`, async ({ chromiumBrowser, server }) => {
  const started = performance.now();
  let [done, shown, waiting] = [0, 0, 0];
  while (done < ROUNDS) {
    const before = done;
    const rounds = Math.min(ROUNDS_PER_PAIR, ROUNDS - done);
    const figures = await crashWhileWriting(await chromiumBrowser(), server.url, rounds, (round) =>
      console.log(`kill ${before + round + 1}: nothing lost, nothing doubled`),
    );
    done += figures.rounds;
    shown += figures.shown;
    waiting += figures.waiting;
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(
    `${done} kills: ${shown} messages shown, ${waiting} of them queued in the browser that was killed; 0 lost, 0 doubled, one order (${seconds} s)`,
  );
});
