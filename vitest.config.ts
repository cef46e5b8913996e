import { defineConfig } from 'vitest/config';

// Tests run on the sources: the condition `source` of every package's `exports` leads there.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    include: [
      'packages/*/src/**/*.test.{ts,tsx}',
      'e2e/src/**/*.test.ts',
      'sim/src/**/*.test.ts',
      'tools/**/*.test.mjs',
    ],
  },
});
