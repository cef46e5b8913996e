import { defineConfig } from '@playwright/test';
import { CHROMIUM_LAUNCH } from './src/people/browsers.ts';

/** Two browsers talking on a busy machine with two cores: generous, but an end. ms. */
const TEST_MAX_MS = 60_000;
const EXPECT_MAX_MS = 20_000;

export default defineConfig({
  testDir: 'src',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  timeout: TEST_MAX_MS,
  expect: { timeout: EXPECT_MAX_MS },
  fullyParallel: true,
  workers: 2,
  // Real browsers on a busy machine: what passes the second time is told as flaky, and what fails twice is wrong.
  retries: 1,
  forbidOnly: true,
  reporter: 'list',
  use: {
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    actionTimeout: EXPECT_MAX_MS,
    navigationTimeout: EXPECT_MAX_MS,
    locale: 'en-GB',
    launchOptions: CHROMIUM_LAUNCH,
  },
});
