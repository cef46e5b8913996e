import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const WORKER = 'service-worker.js';
/** Stands in the worker's source for the list of files. */
const PLACE = '__SHELL__';

/**
 * Tells the service worker which files make up this build, each with its hash: it takes all of one build or nothing.
 * The build's own name is the hash over that list.
 */
export const shell = (): Plugin => {
  let publicFolder = '';
  return {
    name: 'shell',
    apply: 'build',
    enforce: 'post',
    configResolved: (config) => {
      publicFolder = config.publicDir;
    },
    generateBundle: (_options, bundle) => {
      const built = Object.values(bundle)
        .filter((file) => file.fileName !== WORKER)
        .map((file) => entry(file.fileName, file.type === 'chunk' ? file.code : file.source));
      const copied = readdirSync(publicFolder).map((name) => entry(name, readFileSync(join(publicFolder, name))));
      const files = [...built, ...copied].sort((a, b) => (a.path < b.path ? -1 : 1));
      const build = createHash('sha256').update(JSON.stringify(files)).digest('base64url').slice(0, 16);
      const worker = bundle[WORKER];
      if (worker?.type !== 'chunk' || !worker.code.includes(PLACE)) throw new Error('The service worker is not built');
      worker.code = worker.code.replaceAll(PLACE, JSON.stringify({ build, files }));
    },
  };
};

/** The page itself is asked for as `/`. */
const entry = (fileName: string, content: string | Uint8Array): { path: string; integrity: string } => ({
  path: fileName === 'index.html' ? '/' : `/${fileName}`,
  integrity: `sha256-${createHash('sha256').update(content).digest('base64')}`,
});
