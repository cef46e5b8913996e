import { DEFAULT_LIMITS, type Limits } from '../introducer/limits.ts';
import { startServer } from '../process/start-server.ts';

/** A server in a process of its own that says, when asked, what it uses. Its one argument: limits as JSON. */
const limits: Partial<Limits> = JSON.parse(process.argv[2] ?? '{}') as Partial<Limits>;
const server = await startServer({ port: 0, limits: { ...DEFAULT_LIMITS, ...limits } });
process.on('message', () => {
  globalThis.gc?.();
  process.send?.({ rss: process.memoryUsage().rss });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port: server.port });
