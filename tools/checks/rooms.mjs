// Small rooms: about 250 lines a file and 60 a function is where one usually holds two ideas. These are the hard ends.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../set-up/root.mjs';
import { trackedFiles } from './tracked-files.mjs';

const FILE_MAX_LINES = 300;
const FUNCTION_MAX_LINES = 80;

/** Sources but not their tests: a table of cases may be as long as it likes. */
const isSource = (path) => /\.(ts|tsx|mjs|css)$/.test(path) && !/\.(test|spec|d)\.tsx?$/.test(path);

export async function rooms() {
  const found = (await trackedFiles()).filter(isSource).flatMap((path) => inFile(path, read(path)));
  return { ok: found.length === 0, output: found.join('\n') };
}

const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/** What is too large in one file, a line each. */
export function inFile(path, text) {
  const lines = text.split('\n').length - 1;
  const file = lines > FILE_MAX_LINES ? [`${path}: ${lines} lines (at most ${FILE_MAX_LINES})`] : [];
  return path.endsWith('.css') ? file : [...file, ...functionsIn(path, text)];
}

function functionsIn(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const visit = (node) => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const first = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      const lines = source.getLineAndCharacterOfPosition(node.end).line + 2 - first;
      if (lines > FUNCTION_MAX_LINES) {
        found.push(`${path}:${first}: a function of ${lines} lines (at most ${FUNCTION_MAX_LINES})`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
