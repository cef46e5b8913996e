import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import type { OwnHosts } from '../settings/own-hosts.ts';
import type { Caller } from './wire.ts';

export interface DoorSettings {
  readonly ownHosts: OwnHosts;
  /** `trusted`: the last address in X-Forwarded-For is the client's; a proxy that overwrites or extends it is in front. */
  readonly proxy: 'none' | 'trusted';
}

/** `foreign_origin`: a web page of another origin opened it. */
export type Admission =
  | { readonly ok: true; readonly caller: Caller }
  | { readonly ok: false; readonly error: 'foreign_origin' };

/** Looks at an upgrade request: who dials, by which of our names, and whether a page of ours lets them. */
export const admit = (request: IncomingMessage, { ownHosts, proxy }: DoorSettings): Admission => {
  const { host } = request.headers;
  const own = host !== undefined && ownHosts(host) ? host : null;
  // Drafts of the protocol, which the library still speaks, named it differently.
  const origins = [request.headers.origin, request.headers['sec-websocket-origin']]
    .flat()
    .filter((o) => o !== undefined);
  if (!origins.every((origin) => isOwn(origin, own, ownHosts))) return { ok: false, error: 'foreign_origin' };
  return { ok: true, caller: { address: addressOf(request, proxy), host: own } };
};

/** A page may only dial the server that served it: the port counts, too, for another port is another origin. */
const isOwn = (origin: string, host: string | null, ownHosts: OwnHosts): boolean => {
  if (host === null || !URL.canParse(origin)) return false;
  const { host: from, protocol } = new URL(origin);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  return ownHosts(from) && sameAuthority(from, host);
};

const sameAuthority = (a: string, b: string): boolean => bare(a) === bare(b);
const bare = (authority: string): string => authority.toLowerCase().replace(/:(?:80|443)$/, '');

const addressOf = (request: IncomingMessage, proxy: DoorSettings['proxy']): string => {
  const forwarded = proxy === 'trusted' ? request.headers['x-forwarded-for'] : undefined;
  const last = [forwarded ?? []].flat().join(',').split(',').at(-1)?.trim();
  const direct = request.socket.remoteAddress ?? '';
  return whoShares(last && (isIPv4(last) || isIPv6(last)) ? last : direct);
};

/** One household or machine: an IPv4 address, or an IPv6 network of 64 bits. */
export const whoShares = (address: string): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const plain = address.replace(/%.*$/, '').toLowerCase();
  if (!isIPv6(plain)) return plain;
  const [left = '', right] = plain.split('::');
  const head = left === '' ? [] : left.split(':');
  const tail = right === undefined || right === '' ? [] : right.split(':');
  const zeros = right === undefined ? 0 : 8 - head.length - tail.length;
  const groups = [...head, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...tail];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
};
