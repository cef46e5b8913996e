import { join } from 'node:path';
import { ROOT } from '../set-up/root.mjs';
import { runNode } from '../set-up/run.mjs';
import { privateWords } from './private-words.mjs';
import { rooms } from './rooms.mjs';
import { firstLoad } from './size.mjs';

const module = (path) => join(ROOT, 'node_modules', path);

/** A check that is a program of its own. */
const program = (path, args) => async () => {
  const { code, output } = await runNode([module(path), ...args]);
  return { ok: code === 0, output };
};

/** Everything that is compiled or only checked: the packages, their tests, and the programs around them. */
const PROJECTS = ['tsconfig.json', 'packages/web', 'packages', 'e2e', 'sim', 'bench'];
const CODE = ['packages', 'e2e', 'sim', 'bench', 'tools'];

/** Each answers `{ ok, output }`. `report`: its output is worth reading also where it is ok. */
export const CHECKS = [
  { name: 'types', what: 'everything type-checks', run: program('@typescript/native/bin/tsc', ['-b', ...PROJECTS]) },
  {
    name: 'lint',
    what: 'no promise is lost, no type is dodged, the engine touches no platform',
    run: program('oxlint/bin/oxlint', ['--type-aware', '--deny-warnings', '--format=unix', ...CODE]),
  },
  {
    name: 'format',
    what: 'one format',
    run: program('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '--reporter=summary', '.']),
  },
  {
    name: 'boundaries',
    what: 'imports point one way',
    run: program('dependency-cruiser/bin/dependency-cruise.mjs', ['--config', '.dependency-cruiser.mjs', ...CODE]),
  },
  { name: 'dead-code', what: 'nothing is exported or installed in vain', run: program('knip/bin/knip.js', []) },
  { name: 'size', what: 'the app loads quickly', report: true, run: firstLoad },
  { name: 'rooms', what: 'files and functions are small', run: rooms },
  { name: 'private', what: 'no machine, registry or secret is named', run: privateWords },
];
