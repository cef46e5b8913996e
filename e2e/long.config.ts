// What is too long for every change, or makes something: each with a command of its own in package.json.
import { defineConfig } from '@playwright/test';
import usual from './playwright.config.ts';

export default defineConfig({
  ...usual,
  testMatch: '**/*.long.ts',
  timeout: 0,
  workers: 1,
  use: { ...usual.use, trace: 'off' },
});
