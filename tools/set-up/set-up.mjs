// What `npm start` and `npm test` share: packages installed, everything built, and nothing done twice.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';
import { runNode, runNpm } from './run.mjs';

/** What the app was last built from. */
const APP_STAMP = join(ROOT, 'node_modules', '.earshot-app');
/** What the app is made of. */
const APP_SOURCES = ['packages/protocol/src', 'packages/client/src', 'packages/web'];

export const say = (line) => console.log(`earshot: ${line}`);

/** Installs and builds what is missing or out of date. Throws with a line for the person. */
export async function setUp() {
  await install();
  await compile();
  await buildApp();
}

async function install() {
  // npm's own note of what it has installed, written last: an install that was broken off leaves none.
  if (changed('node_modules/.package-lock.json') >= changed('package-lock.json')) return;
  say('installing packages (npm ci), a minute or so');
  // Also where NODE_ENV says production: the app is built here.
  const { code, output } = await runNpm(['ci', '--include=dev', '--no-audit', '--no-fund']);
  if (code !== 0) throw failed('npm ci', output);
}

async function compile() {
  const { code, output } = await runNode([join(ROOT, 'node_modules/@typescript/native/bin/tsc'), '-b']);
  if (code !== 0) throw failed('the TypeScript build', output);
}

async function buildApp() {
  const sources = createHash('sha256');
  for (const path of APP_SOURCES.flatMap(filesUnder)) sources.update(`${path} ${changed(path)}\n`);
  const state = sources.digest('hex');
  const built = existsSync(join(ROOT, 'packages/web/dist/index.html'));
  if (built && existsSync(APP_STAMP) && readFileSync(APP_STAMP, 'utf8') === state) return;

  rmSync(APP_STAMP, { force: true });
  say('building the app');
  const cwd = join(ROOT, 'packages/web');
  const { code, output } = await runNode([binary(cwd, 'vite', 'bin/vite.js'), 'build'], { cwd });
  if (code !== 0) throw failed('the build of the app', output);
  writeFileSync(APP_STAMP, state);
}

/** npm puts a package beside the workspace where versions differ, else at the top. */
function binary(workspace, name, path) {
  const own = join(workspace, 'node_modules', name, path);
  return existsSync(own) ? own : join(ROOT, 'node_modules', name, path);
}

function filesUnder(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((item) => {
    if (item.name === 'node_modules' || item.name.startsWith('dist') || item.name.startsWith('.')) return [];
    const path = `${folder}/${item.name}`;
    return item.isDirectory() ? filesUnder(path) : [path];
  });
}

/** ms since 1970; 0 where there is no such file. */
const changed = (path) => statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

const failed = (what, output) => new Error(`${what} failed:\n${output}`);
