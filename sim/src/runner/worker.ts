import { parentPort, workerData } from 'node:worker_threads';
import { type Outcome, runSeed } from '../schedule/run.ts';

/** Seeds `from`, `from + step`, … below `to`. */
export interface Work {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** `first`: until something doesn't hold. */
  readonly until: 'end' | 'first';
  readonly readable: boolean;
}

export interface Report {
  readonly ran: number;
  readonly events: number;
  readonly violations: readonly Outcome[];
}

/** Violations of one worker that are told whole: the first ones say it all. */
const TOLD_MAX = 5;

const work = workerData as Work;
const violations: Outcome[] = [];
let [ran, events] = [0, 0];
for (let seed = work.from; seed < work.to; seed += work.step) {
  const outcome = await runSeed(seed, { readable: work.readable });
  ran++;
  events += outcome.events;
  if (work.readable && !outcome.violation) violations.push(outcome);
  if (!outcome.violation) continue;
  if (violations.length < TOLD_MAX) violations.push(outcome);
  if (work.until === 'first') break;
}
parentPort?.postMessage({ ran, events, violations } satisfies Report);
