// What a first visit loads before it shows anything: the scripts that index.html names, as size-limit weighs them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import filePlugin from '@size-limit/file';
import sizeLimit from 'size-limit';
import { ROOT } from '../set-up/root.mjs';
import { setUp } from '../set-up/set-up.mjs';

const LIMIT_BYTES = 60_000;
const APP = join(ROOT, 'packages/web/dist');

export async function firstLoad() {
  await setUp();
  const page = join(APP, 'index.html');
  if (!existsSync(page)) return { ok: false, output: 'The app is not built.' };
  const scripts = scriptsOf(readFileSync(page, 'utf8'));
  if (scripts.length === 0)
    return { ok: false, output: 'The page of the app names no script: this check measures nothing.' };
  const [result] = await sizeLimit([filePlugin], {
    checks: [{ files: scripts.map((path) => join(APP, path)), gzip: true }],
  });
  return {
    ok: result.size <= LIMIT_BYTES,
    output: `${(result.size / 1000).toFixed(1)} kB gzipped of ${LIMIT_BYTES / 1000} kB, in ${scripts.join(', ')}`,
  };
}

/** Paths, without the leading slash, of every script that the page loads or preloads at once. */
export const scriptsOf = (html) =>
  [...html.matchAll(/<(?:script|link)\b[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => tag.startsWith('<script') || /\brel="?modulepreload/.test(tag))
    .flatMap((tag) => /\b(?:src|href)="([^"]+)"/.exec(tag)?.[1] ?? [])
    .map((path) => path.replace(/^\.?\//, ''));
