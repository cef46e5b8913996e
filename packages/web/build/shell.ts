import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';

const WORKER = 'service-worker.js';
/** Stands in the worker's source for the list of files. */
const PLACE = '__SHELL__';

/**
 * Tells the service worker which files make up this build, each with its hash: it takes all of one build or nothing.
 * The build's own name is the hash over that list.
 */
export const shell = (): Plugin => {
  let folder = '';
  return {
    name: 'shell',
    apply: 'build',
    configResolved: (config) => {
      folder = config.build.outDir;
    },
    // As they are written: other plugins touch the files until then.
    writeBundle: () => {
      const files = filesIn(folder);
      const build = createHash('sha256').update(JSON.stringify(files)).digest('base64url').slice(0, 16);
      const worker = join(folder, WORKER);
      const code = readFileSync(worker, 'utf8');
      if (!code.includes(PLACE)) throw new Error('The service worker has no place for the list of files');
      writeFileSync(worker, code.replaceAll(PLACE, JSON.stringify({ build, files })));
    },
  };
};

interface ShellFile {
  readonly path: string;
  readonly integrity: string;
}

const filesIn = (folder: string): readonly ShellFile[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && file.name !== WORKER)
    .map((file) => join(file.parentPath, file.name))
    .sort()
    .map((path) => ({ path: address(relative(folder, path)), integrity: integrity(readFileSync(path)) }));

/** The page itself is asked for as `/`. */
const address = (path: string): string => (path === 'index.html' ? '/' : `/${path.split(sep).join('/')}`);

const integrity = (content: Uint8Array): string => `sha256-${createHash('sha256').update(content).digest('base64')}`;
