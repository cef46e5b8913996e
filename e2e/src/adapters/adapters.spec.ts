import { test as base, expect } from '@playwright/test';
import { CHROMIUM, FIREFOX, launchFirefox } from '../people/browsers.ts';
import type { Suite } from './checked-page.ts';
import { startCheckedServer } from './checked-server.ts';

const SUITES: readonly Suite[] = ['clock', 'crypto', 'rtc', 'socket', 'storage'];
const SUITE_MAX_MS = 120_000;

const test = base.extend<object, { readonly pageUrl: string }>({
  pageUrl: [
    async ({}, use) => {
      const server = await startCheckedServer();
      await use(server.url);
      await server.close();
    },
    { scope: 'worker' },
  ],
});

const run = (suite: Suite) => window.runSuite(suite);

test.describe('in Chromium, the adapter keeps what its port promises:', () => {
  test.skip(CHROMIUM === undefined, 'Chromium is missing');
  for (const suite of SUITES) {
    test(suite, async ({ page, pageUrl }) => {
      test.setTimeout(SUITE_MAX_MS);
      await page.goto(pageUrl);
      const { passed, failed } = await page.evaluate(run, suite);
      expect(failed).toEqual([]);
      expect(passed).toBeGreaterThan(0);
    });
  }
});

test.describe('in Firefox, the adapter keeps what its port promises:', () => {
  test.skip(FIREFOX === undefined, 'Firefox is missing');
  test('every suite', async ({ pageUrl }) => {
    test.setTimeout(SUITE_MAX_MS);
    const firefox = await launchFirefox(800, 600);
    try {
      const page = await firefox.newPage();
      await page.goto(pageUrl);
      for (const suite of SUITES) {
        const { passed, failed } = await page.evaluate(run, suite);
        expect(failed, suite).toEqual([]);
        expect(passed, suite).toBeGreaterThan(0);
      }
    } finally {
      await firefox.close();
    }
  });
});
