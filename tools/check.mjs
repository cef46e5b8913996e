// `npm run check`: all that has to hold beside the tests. `npm run check:<name>` runs one of them.
import { requireNode } from './node-version.mjs';

requireNode();
const { CHECKS } = await import('./checks/checks.mjs');

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !CHECKS.some((check) => check.name === name));
if (unknown.length > 0) {
  console.log(
    `There is no check ${unknown.join(', ')}; the checks are ${CHECKS.map((check) => check.name).join(', ')}.`,
  );
  process.exit(2);
}

for (const check of CHECKS.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
  const started = performance.now();
  const { ok, output } = await check.run().catch((error) => ({ ok: false, output: error.message }));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${check.name}: ${check.what} (${seconds} s)`);
  if (!ok) {
    console.log(output.trimEnd().replace(/^/gm, '       '));
    process.exitCode = 1;
  } else if (check.report) console.log(output.trimEnd().replace(/^/gm, '       '));
}
