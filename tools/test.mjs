// `npm test`: whatever set-up is due, then every test that this machine can run. `npm test -- unit sim` runs those parts only.
import { requireNode } from './node-version.mjs';

requireNode();
const { say, setUp } = await import('./set-up/set-up.mjs');
const { findPrograms } = await import('./set-up/programs.mjs');
const { PARTS } = await import('./parts/parts.mjs');
const { NOTHING, plus, summary } = await import('./parts/count.mjs');

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !PARTS.some((part) => part.name === name));
if (unknown.length > 0) {
  say(`there is no part ${unknown.join(', ')}; the parts are ${PARTS.map((part) => part.name).join(', ')}`);
  process.exit(2);
}

let total = NOTHING;
try {
  await setUp();
  const parts = PARTS.filter((part) => chosen.length === 0 || chosen.includes(part.name));
  const env = parts.some((part) => part.browsers) ? await findPrograms(say) : {};
  const lines = [];
  for (const part of parts) {
    say(`${part.name}: ${part.what}`);
    const started = performance.now();
    const count = await part.run(env);
    lines.push(`${part.name}: ${summary(count)} in ${Math.round((performance.now() - started) / 1000)} s`);
    total = plus(total, count);
  }
  console.log();
  for (const line of lines) say(line);
} catch (error) {
  say(error.message);
  total = plus(total, { ...NOTHING, failed: 1 });
}
console.log(summary(total));
process.exitCode = total.failed > 0 ? 1 : 0;
