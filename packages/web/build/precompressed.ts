import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSIBLE = /\.(?:html|js|css|svg|json|webmanifest)$/;
/** Below this, headers outweigh what is saved, bytes. */
const WORTH_IT_BYTES = 256;

/** Writes a `.br` and a `.gz` beside each file of text, so that the server never compresses anything itself. */
export const precompressed = (): Plugin => {
  let folder = '';
  return {
    name: 'precompressed',
    apply: 'build',
    enforce: 'post',
    configResolved: (config) => {
      folder = config.build.outDir;
    },
    closeBundle: async () => {
      const files = await readdir(folder, { recursive: true, withFileTypes: true });
      const paths = files.filter((file) => file.isFile() && COMPRESSIBLE.test(file.name));
      await Promise.all(paths.map((file) => compress(join(file.parentPath, file.name))));
    },
  };
};

const compress = async (path: string): Promise<void> => {
  const bytes = await readFile(path);
  if (bytes.length < WORTH_IT_BYTES) return;
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params: quality }));
  await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }));
};
