import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { LaunchOptions } from '@playwright/test';
import puppeteer, { type Browser } from 'puppeteer-core';

/** Chromium's own traffic (updates, sync) and its sandbox, which root can't have, stay out of the tests. */
export const CHROMIUM_ARGS: readonly string[] = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const find = (variable: string, names: readonly string[]): string | undefined => {
  const set = process.env[variable];
  if (set) return runs(set) ? set : undefined;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(runs);
};

const runs = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Paths of the browsers on this machine; without one, the tests that need it are skipped. `npm test` sets the variables. */
export const CHROMIUM = find('CHROMIUM', ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']);
export const FIREFOX = find('FIREFOX', ['firefox-esr', 'firefox']);

export const CHROMIUM_LAUNCH: LaunchOptions = {
  ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }),
  chromiumSandbox: false,
  args: [...CHROMIUM_ARGS],
};

/** Firefox ESR can't be told the size of a page over BiDi: its windows are of this size, px. */
export const launchFirefox = (width: number, height: number): Promise<Browser> => {
  if (FIREFOX === undefined) throw new Error('Firefox is missing');
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    headless: true,
    defaultViewport: null,
    args: [`--width=${width}`, `--height=${height}`],
  });
};
