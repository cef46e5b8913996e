import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../set-up/root.mjs';
import { run } from '../set-up/run.mjs';

/** Paths of all files that are or would be in the repository. */
export async function trackedFiles() {
  const { output } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard']);
  return output.split('\n').filter((path) => path !== '' && existsSync(join(ROOT, path)));
}
