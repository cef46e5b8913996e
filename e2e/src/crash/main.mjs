// `npm run -w e2e crash -- 100`: so many kills, and figures.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli');
const { status } = spawnSync(process.execPath, [playwright, 'test', '-c', 'long.config.ts', 'crash'], {
  stdio: 'inherit',
  env: { ...process.env, CRASH_ROUNDS: process.argv[2] ?? '100' },
});
process.exitCode = status ?? 1;
