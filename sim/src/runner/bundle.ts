import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Mutant } from '../mutants/mutants.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
/** Beside the simulation, so that packages which aren't bundled are found. */
const FOLDER = join(ROOT, 'sim/dist');

/** What a bundle runs: seeds, or what shows every checker something wrong. */
type Program = 'worker' | 'self-test';

/** The program with everything that it runs, in one file; with the mutant's change where there is one. Answers the file's path. */
export const bundle = async (program: Program, mutant: Mutant | null, name: string): Promise<string> => {
  const outfile = join(FOLDER, `${name}.mjs`);
  const { metafile } = await build({
    entryPoints: [join(ROOT, `sim/src/runner/${program}.ts`)],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    conditions: ['source'],
    packages: 'bundle',
    external: ['lmdb', 'ws', 'pino', 'sirv', 'selfsigned', 'qr'],
    logLevel: 'error',
    metafile: true,
    plugins: mutant ? [changing(mutant)] : [],
    outfile,
  });
  if (mutant && !Object.keys(metafile.inputs).some((input) => resolve(input).endsWith(mutant.file))) {
    throw new Error(`Mutant "${mutant.name}": ${mutant.file} is not part of what runs`);
  }
  return outfile;
};

/** A mutant that no longer fits the code is an error, never a pass. */
const changing = (mutant: Mutant): Plugin => ({
  name: 'mutant',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (path !== join(ROOT, mutant.file)) return undefined;
      const parts = (await readFile(path, 'utf8')).split(mutant.find);
      if (parts.length !== 2) throw new Error(`Mutant "${mutant.name}" fits ${parts.length - 1} places, not one`);
      return { contents: parts.join(mutant.replace), loader: 'ts' };
    });
  },
});
