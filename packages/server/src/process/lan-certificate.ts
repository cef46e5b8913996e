import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface Certificate {
  /** PEM */
  readonly key: string;
  readonly cert: string;
}

/** A year, ms. Apple's systems take no certificate that lasts longer than 825 days. */
const VALID_MS = 365 * 24 * 60 * 60 * 1000;
/** One that ends sooner than this is made anew, ms. */
const ENDS_SOON_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * The certificate of this machine for its own network: the same as last time where it still fits, so that who accepted it once
 * isn't asked again; made on the spot where it doesn't.
 */
export const lanCertificate = async (dataDir: string, addresses: readonly string[]): Promise<Certificate> => {
  const file = join(dataDir, 'lan-certificate.json');
  const kept = read(file);
  if (kept && fits(kept, addresses)) return kept;
  const made = await make(addresses);
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
};

const read = (file: string): Certificate | undefined => {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof kept !== 'object' || kept === null || !('key' in kept) || !('cert' in kept)) return undefined;
    const { key, cert } = kept;
    return typeof key === 'string' && typeof cert === 'string' ? { key, cert } : undefined;
  } catch {
    return undefined;
  }
};

const fits = ({ cert }: Certificate, addresses: readonly string[]): boolean => {
  const certificate = new X509Certificate(cert);
  const lasts = Date.parse(certificate.validTo) - Date.now() > ENDS_SOON_MS;
  return lasts && addresses.every((address) => certificate.checkIP(address) !== undefined);
};

const make = async (addresses: readonly string[]): Promise<Certificate> => {
  const names = ['localhost', hostname(), `${hostname()}.local`];
  const notBeforeDate = new Date();
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'Earshot' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate,
    notAfterDate: new Date(notBeforeDate.getTime() + VALID_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          ...addresses.filter((address) => isIP(address) !== 0).map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  return { key, cert };
};
