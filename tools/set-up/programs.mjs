// System programs that tests need: found, installed where that is possible, or named with the way to get them.
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { run } from './run.mjs';

const PROGRAMS = [
  {
    what: 'Chromium',
    variable: 'CHROMIUM',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    elsewhere: [
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    debian: 'chromium',
  },
  {
    what: 'Firefox',
    variable: 'FIREFOX',
    names: ['firefox-esr', 'firefox'],
    elsewhere: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
    debian: 'firefox-esr',
  },
];

/** Answers the environment that tells the tests where each program is. What stays missing is absent there, and named by `say`. */
export async function findPrograms(say) {
  const missing = PROGRAMS.filter((program) => !locate(program));
  if (missing.length > 0 && mayInstall()) {
    say(`installing ${missing.map(({ what }) => what).join(' and ')} (apt-get)`);
    await aptInstall(missing.map(({ debian }) => debian));
  }
  const env = {};
  for (const program of PROGRAMS) {
    const path = locate(program);
    if (path) env[program.variable] = path;
    else say(`${program.what} is missing, tests that need it are skipped: ${advice(program)}`);
  }
  return env;
}

function locate({ variable, names, elsewhere }) {
  const set = process.env[variable];
  if (set) return isAbsolute(set) ? (executable(set) ? set : undefined) : onPath(set);
  return names.map(onPath).find(Boolean) ?? elsewhere.find(existsSync);
}

const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(executable);

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const mayInstall = () => process.platform === 'linux' && process.getuid?.() === 0 && onPath('apt-get') !== undefined;

async function aptInstall(packages) {
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' } };
  await run('apt-get', ['update', '-qq'], options);
  // One by one: what one distribution lacks must not cost the others.
  for (const name of packages) await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], options);
}

const advice = ({ debian, variable }) =>
  process.platform === 'linux'
    ? `install it (Debian: apt-get install ${debian}), or set ${variable} to its path`
    : `install it, or set ${variable} to its path`;
