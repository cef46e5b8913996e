// `npm start`: whatever set-up is due, then the server, in this very process: a signal has one place to go to.
import { requireNode } from './node-version.mjs';

requireNode();
const { say, setUp } = await import('./set-up/set-up.mjs');
const { ROOT } = await import('./set-up/root.mjs');
const { join } = await import('node:path');
const { pathToFileURL } = await import('node:url');

try {
  await setUp();
} catch (error) {
  say(error.message);
  process.exit(1);
}
// A terminal signals the whole group and npm passes its own signal on: the second must not cut the server's goodbyes short.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
const main = join(ROOT, 'packages/server/dist/main.js');
process.argv[1] = main;
await import(pathToFileURL(main).href);
