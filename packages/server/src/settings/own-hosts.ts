import { hostname, networkInterfaces } from 'node:os';

/** What this server is called: the authorities that its clients may dial, as a Host header says them. */
export type OwnHosts = (authority: string) => boolean;

/** A name, an IPv4 or a bracketed IPv6 address, and perhaps a port (RFC 3986, section 3.2.2, without its exotic parts). */
const AUTHORITY = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(\d{1,5}))?$/i;

/** With public addresses: those and no others. */
const publicHosts = (urls: readonly URL[]): OwnHosts => {
  // Browsers leave the scheme's own port out; other clients may write it.
  const hosts = new Set(
    urls.flatMap(({ host, port, protocol }) => (port === '' ? [host, host + usual(protocol)] : [host])),
  );
  return (authority) => hosts.has(authority.toLowerCase());
};

const usual = (protocol: string): string => (protocol === 'https:' ? ':443' : ':80');

/** Asking the system for its addresses is slow; they change seldom, and an unknown one is worth asking again for. ms */
const KNOWN_FOR_MS = 60_000;
const UNKNOWN_FOR_MS = 1_000;

/** Without: this machine's own names and addresses, at any port. */
const machineHosts = (): OwnHosts => {
  let names: ReadonlySet<string> = new Set();
  let asked = Number.NEGATIVE_INFINITY;
  const isKnown = (host: string, forMs: number): boolean => {
    const now = performance.now();
    if (now - asked > forMs) {
      names = new Set(machineNames());
      asked = now;
    }
    return names.has(host);
  };
  return (authority) => {
    const host = AUTHORITY.exec(authority)?.[1]?.toLowerCase();
    return host !== undefined && (isKnown(host, KNOWN_FOR_MS) || isKnown(host, UNKNOWN_FOR_MS));
  };
};

const machineNames = (): readonly string[] => {
  const own = hostname().toLowerCase();
  return ['localhost', own, `${own}.local`, ...machineAddresses().map((at) => (at.includes(':') ? `[${at}]` : at))];
};

/** Every address of this machine, loopback included. */
export const machineAddresses = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []);

export const ownHosts = (publicUrls: readonly URL[]): OwnHosts =>
  publicUrls.length > 0 ? publicHosts(publicUrls) : machineHosts();
