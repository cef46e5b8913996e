import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { emojiList } from './build/emoji-list.ts';
import { precompressed } from './build/precompressed.ts';
import { shell } from './build/shell.ts';

/** What the first screen doesn't need, and the service worker, which stands alone. */
const LATER =
  /\/ui\/(?:conversation|emoji|verify|settings)\/|qr-dialog|service-worker|virtual:|node_modules\/(?:virtua|linkify-it|uc\.micro|qr)\/|preact\/compat/;

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
    // There is one script to load at first, and nothing to load ahead of the others.
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      // Libraries for React tell servers that they are for browsers; this is no server.
      onLog: (level, log, pass) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && pass(level, log),
      input: { index: here('./index.html'), 'service-worker': here('./src/pwa/service-worker.ts') },
      output: {
        codeSplitting: { groups: [{ name: 'app', test: (id) => !LATER.test(id) }] },
        entryFileNames: (chunk) => (chunk.name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
