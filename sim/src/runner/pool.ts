import { Worker } from 'node:worker_threads';
import type { Report, Work } from './worker.ts';

export interface Died {
  readonly died: string;
}

/** What a bundle's worker says, once. One that dies of what it runs is told as `died`. */
export const runWorker = <T = Report>(file: string, work?: Work): Promise<T | Died> =>
  new Promise((done) => {
    const worker = new Worker(file, { workerData: work });
    worker.once('message', (report: T) => {
      done(report);
      void worker.terminate();
    });
    worker.once('error', (error) => done({ died: String(error) }));
    worker.once('exit', () => done({ died: 'it ended without a word' }));
  });

/** Runs the jobs, so many at a time; the answers are in their order. */
export const inParallel = async <T, R>(
  jobs: readonly T[],
  width: number,
  run: (job: T, index: number) => Promise<R>,
): Promise<R[]> => {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < jobs.length; index = next++) {
      const job = jobs[index];
      if (job !== undefined) results[index] = await run(job, index);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return results;
};
