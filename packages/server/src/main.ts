import { networkInterfaces } from 'node:os';
import { pino } from 'pino';
import { encodeQR } from 'qr';
import { lanCertificate } from './process/lan-certificate.ts';
import { type RunningServer, startServer } from './process/start-server.ts';
import { SettingError, settingsFrom } from './settings/from-environment.ts';
import { machineAddresses } from './settings/own-hosts.ts';
import type { Settings } from './settings/settings.ts';

/** Log lines that wait for a slow reader of the log, bytes; beyond it they are lost rather than kept. */
const LOG_MAX_BYTES = 1024 * 1024;
/** If the goodbyes take longer than this, the process ends without, ms. */
const STOP_MAX_MS = 1_900;

/** Ends with one sentence that says what to do. */
const fail = (sentence: string): never => {
  console.error(sentence);
  process.exit(1);
};

const readSettings = (): Settings => {
  try {
    return settingsFrom(process.env);
  } catch (error) {
    if (error instanceof SettingError) return fail(error.message);
    throw error;
  }
};

const readFlags = (flags: readonly string[]): 'lan' | 'here' => {
  const unknown = flags.find((flag) => flag !== '--lan');
  if (unknown !== undefined) return fail(`There is no option ${unknown}; the only one is --lan.`);
  return flags.length > 0 ? 'lan' : 'here';
};

const whyNot = (error: unknown, port: number): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `Port ${port} is in use by another program; choose another with PORT=…`;
  if (code === 'EACCES') return `This user may not listen on port ${port}; choose one above 1023 with PORT=…`;
  return `The server can't start: ${error instanceof Error ? error.message : String(error)}`;
};

/** The address that a phone in the same network can reach. */
const lanAddress = (): string | undefined =>
  Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

const destination = pino.destination({ dest: 2, sync: false, maxLength: LOG_MAX_BYTES });
const log = pino({ base: null }, destination);

const where = readFlags(process.argv.slice(2));
const settings = readSettings();
const { port, dataDir } = settings;
let server: RunningServer;
try {
  const tls = where === 'lan' && dataDir !== null ? await lanCertificate(dataDir, machineAddresses()) : null;
  server = await startServer({ ...settings, tls, log });
} catch (error) {
  fail(whyNot(error, port));
  throw error;
}

console.log(`Earshot is at ${settings.publicUrls[0]?.href ?? server.url}`);
if (where === 'lan') {
  const address = lanAddress();
  if (address === undefined) console.log('This machine is in no network that a phone could share.');
  else {
    const url = `https://${address}:${server.port}/`;
    console.log(`On a phone in the same network: ${url}\n`);
    console.log(encodeQR(url, 'ascii'));
    console.log('The browser warns of the certificate, because this machine made it itself: go on all the same.');
  }
}

const stop = (): void => {
  setTimeout(() => process.exit(0), STOP_MAX_MS).unref();
  void server
    .close()
    .catch((error: unknown) => log.error({ event: 'stop_failed', err: error }))
    .then(() => {
      destination.flushSync();
      process.exit(0);
    });
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
