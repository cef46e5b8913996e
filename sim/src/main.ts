/**
 * The engine and the server's core under seeded schedules.
 *
 *   --seeds 20000 --from 0   so many schedules, from this seed on
 *   --seed 640 --trace       one of them, told line by line
 *   --mutants                changes of the engine that must be noticed
 *   --ci                     20,000 schedules and every mutant
 *   --workers 2
 *
 * The last line counts: {"passed":…,"failed":…,"skipped":…}
 */
import { parseArgs } from 'node:util';
import { BLIND } from './mutants/blind.ts';
import { MUTANTS, type Mutant } from './mutants/mutants.ts';
import { bundle } from './runner/bundle.ts';
import { inParallel, runWorker } from './runner/pool.ts';

/** A mutant that lives through so many schedules has survived. */
const MUTANT_SEEDS = 3_000;
const CI_SEEDS = 20_000;

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '0' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    ci: { type: 'boolean', default: false },
    workers: { type: 'string', default: '2' },
  },
});
const workers = Number(options.workers);
const count = { passed: 0, failed: 0, skipped: 0 };

const schedules = async (from: number, seeds: number): Promise<void> => {
  const file = await bundle('worker', null, 'sim');
  const started = performance.now();
  const shares = Array.from({ length: workers }, (_, share) => share);
  const reports = await inParallel(shares, workers, (share) =>
    runWorker(file, { from: from + share, to: from + seeds, step: workers, until: 'end', readable: false }),
  );
  const seconds = (performance.now() - started) / 1000;
  let [ran, events, violated] = [0, 0, 0];
  for (const report of reports) {
    if ('died' in report) {
      console.log(`a worker died: ${report.died}`);
      violated++;
      continue;
    }
    ran += report.ran;
    events += report.events;
    violated += report.violations.length;
    for (const { seed, violation } of report.violations) console.log(`VIOLATION at seed ${seed}: ${violation?.what}`);
  }
  console.log(
    `${ran} schedules from seed ${from}, ${Math.round(events / ran)} events each, ${Math.round(ran / seconds)} schedules/s on ${workers} workers`,
  );
  if (violated > 0) console.log('read one with: npx tsx --conditions=source src/main.ts --seed N --trace');
  count[violated === 0 ? 'passed' : 'failed']++;
};

const one = async (seed: number, readable: boolean): Promise<void> => {
  const file = await bundle('worker', null, 'sim');
  const report = await runWorker(file, { from: seed, to: seed + 1, step: 1, until: 'end', readable });
  if ('died' in report) throw new Error(report.died);
  const [outcome] = report.violations;
  for (const line of outcome?.trace ?? []) console.log(line);
  console.log(outcome?.violation ? `VIOLATION: ${outcome.violation.what}` : 'everything held');
  count[outcome?.violation ? 'failed' : 'passed']++;
};

const kill = async (mutant: Mutant, index: number): Promise<void> => {
  const file = await bundle('worker', mutant, `mutant-${index}`);
  const report = await runWorker(file, { from: 0, to: MUTANT_SEEDS, step: 1, until: 'first', readable: false });
  const [outcome] = 'died' in report ? [] : report.violations;
  // A worker that dies has noticed too, but says nothing about what the invariants see.
  const how =
    'died' in report ? `it died: ${report.died}` : outcome && `seed ${outcome.seed}, ${outcome.violation?.what}`;
  console.log(how ? `killed   ${mutant.name}: ${how}` : `SURVIVED ${mutant.name}: ${MUTANT_SEEDS} schedules`);
  count[how ? 'passed' : 'failed']++;
};

/** A checker that a change has made blind must be found out by what it is shown. */
const unblind = async (mutant: Mutant, index: number): Promise<void> => {
  const file = await bundle('self-test', mutant, `blind-${index}`);
  const missed = await runWorker<readonly string[]>(file);
  const how = 'died' in missed ? `it died: ${missed.died}` : missed[0];
  console.log(how ? `killed   ${mutant.name}: ${how} went unseen` : `SURVIVED ${mutant.name}`);
  count[how ? 'passed' : 'failed']++;
};

const mutants = async (): Promise<void> => {
  await inParallel(BLIND, workers, unblind);
  await inParallel(MUTANTS, workers, kill);
};

if (options.seed !== undefined) await one(Number(options.seed), options.trace);
else {
  if (!options.mutants || options.ci)
    await schedules(Number(options.from), options.ci ? CI_SEEDS : Number(options.seeds));
  if (options.mutants || options.ci) await mutants();
}
console.log(JSON.stringify(count));
process.exitCode = count.failed > 0 ? 1 : 0;
