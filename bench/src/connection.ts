/**
 * Bench (a): from `Connect` to the first verified message, against the opening of a bare peer connection.
 * Bench (b): from sending a message until *Delivered* is known, against the echo of a bare data channel.
 * All in one page of one real browser, interleaved, against the real server on loopback.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '@earshot/server';
import { chromium } from '@playwright/test';
import { build } from 'esbuild';
import { table } from './figures.ts';

const OPENINGS = Number(process.env['OPENINGS'] ?? 30);
const ROUND_TRIPS = Number(process.env['ROUND_TRIPS'] ?? 300);

const bundle = async (): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./connection-page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['source'],
  });
  return outputFiles[0]?.text ?? '';
};

interface Bench {
  opening(): Promise<{ raw: number; first: number }>;
  roundTrips(count: number): Promise<{ raw: number[]; delivered: number[] }>;
}

const folder = mkdtempSync(join(tmpdir(), 'earshot-bench-'));
writeFileSync(
  join(folder, 'index.html'),
  '<!doctype html><title>Bench</title><script type="module" src="/bench.js"></script>',
);
writeFileSync(join(folder, 'bench.js'), await bundle());
const server = await startServer({ port: 0, dataDir: join(folder, 'data'), appDirectory: folder });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  chromiumSandbox: false,
  args: [
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  const page = await browser.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => 'bench' in window);

  const openings: { raw: number; first: number }[] = [];
  for (let i = 0; i < OPENINGS + 1; i++) {
    const one = await page.evaluate(() => (window as unknown as { bench: Bench }).bench.opening());
    // The first of a page pays for what is loaded once.
    if (i > 0) openings.push(one);
  }
  const trips = await page.evaluate(
    (count) => (window as unknown as { bench: Bench }).bench.roundTrips(count),
    ROUND_TRIPS,
  );

  const raw = 'bare connection, offer to both ends open';
  const echo = 'bare channel, echo of 100 B';
  console.log(
    table([
      { what: raw, unit: 'ms', values: openings.map((one) => one.raw) },
      {
        what: 'Connect to the first verified message',
        unit: 'ms',
        values: openings.map((one) => one.first),
        against: raw,
      },
      { what: echo, unit: 'ms', values: trips.raw },
      { what: 'Send until Delivered is known', unit: 'ms', values: trips.delivered, against: echo },
    ]),
  );
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
