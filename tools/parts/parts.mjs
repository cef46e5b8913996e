// The parts of `npm test`, in their order: quick ones first.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../set-up/root.mjs';
import { runNode } from '../set-up/run.mjs';
import { fromPlaywright, fromSim, fromVitest, NOTHING, withExit } from './count.mjs';

const module = (path) => join(ROOT, 'node_modules', path);

/** Runs `work` with the path of a report that doesn't exist yet and reads it afterwards; `undefined` where none was written. */
async function withReport(work) {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-report-'));
  try {
    const path = join(folder, 'report.json');
    const result = await work(path);
    return { ...result, report: existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function unit() {
  const { code, report } = await withReport((path) =>
    runNode(
      [module('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${path}`],
      {
        show: 'all',
      },
    ),
  );
  return withExit(report ? fromVitest(report) : NOTHING, code);
}

async function sim() {
  const { code, output } = await runNode([module('tsx/dist/cli.mjs'), '--conditions=source', 'src/main.ts', '--ci'], {
    show: 'both',
    cwd: join(ROOT, 'sim'),
  });
  return withExit(fromSim(output), code);
}

async function e2e(env) {
  const { code, report } = await withReport((path) =>
    runNode([module('@playwright/test/cli.js'), 'test', '--reporter=list,json'], {
      show: 'all',
      cwd: join(ROOT, 'e2e'),
      env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: path },
    }),
  );
  return withExit(report ? fromPlaywright(report) : NOTHING, code);
}

export const PARTS = [
  { name: 'unit', what: 'each piece on its own', browsers: false, run: unit },
  { name: 'sim', what: 'the engine under hostile networks', browsers: false, run: sim },
  { name: 'e2e', what: 'what a person does, in real browsers', browsers: true, run: e2e },
];
