import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { emojiList } from './build/emoji-list.ts';
import { precompressed } from './build/precompressed.ts';
import { shell } from './build/shell.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  resolve: {
    conditions: ['source', 'module', 'browser', 'development|production'],
    alias: {
      'react/jsx-runtime': 'preact/jsx-runtime',
      'react-dom': 'preact/compat',
      react: 'preact/compat',
    },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [emojiList(), shell(), precompressed()],
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    target: 'es2023',
    sourcemap: false,
    // The page's policy forbids data: addresses and inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: here('./index.html'), 'service-worker': here('./src/pwa/service-worker.ts') },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
