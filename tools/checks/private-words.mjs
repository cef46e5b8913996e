// What belongs to one machine, to whoever serves packages, or to nobody else: it has no place in the repository.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../set-up/root.mjs';
import { trackedFiles } from './tracked-files.mjs';

const WORDS = [
  ['a path of one machine', /(?<![\w.-])\/(?:work|farm|root|home\/\w+|Users\/\w+)\/[\w.]/],
  ['a path of one machine', /(?<![\w.$}-])\/tmp\/\w/],
  ['a host of a registry', /registry\.npmjs|deb\.debian|npmmirror/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['a token', /\b(?:gh[pousr]_\w{36}|github_pat_\w{22}|AKIA[0-9A-Z]{16}|npm_\w{36}|xox[abp]-\w{10})/],
];
/** This file names them all. */
const ITSELF = 'tools/checks/private-words.mjs';
const BINARY = /\.(png|jpg|ico|woff2|gz|br|wasm)$/;

export async function privateWords() {
  const found = (await trackedFiles()).filter((path) => path !== ITSELF && !BINARY.test(path)).flatMap(inPath);
  return { ok: found.length === 0, output: found.join('\n') };
}

const inPath = (path) => inText(path, readFileSync(join(ROOT, path), 'utf8'));

/** A line for each find. */
export const inText = (path, text) =>
  text
    .split('\n')
    .flatMap((line, index) =>
      WORDS.filter(([, pattern]) => pattern.test(line)).map(
        ([what]) => `${path}:${index + 1}: ${what}: ${line.trim().slice(0, 120)}`,
      ),
    );
