import { CANDIDATE_MAX_LENGTH } from '@earshot/protocol';

const CANDIDATE_TYPES = ['host', 'srflx', 'prflx', 'relay'] as const;
const TCP_TYPES = ['active', 'passive', 'so'] as const;

/** What counts of an ICE candidate (RFC 8839, section 5.1). Always of component 1: a data channel has no other. */
export interface IceCandidate {
  readonly foundation: string;
  readonly transport: 'udp' | 'tcp';
  readonly priority: number;
  /** IPv4, IPv6 or the `.local` name behind which a browser hides an address. Never another name: it would be looked up. */
  readonly address: string;
  readonly port: number;
  readonly type: (typeof CANDIDATE_TYPES)[number];
  /** RFC 6544; of a TCP candidate alone. */
  readonly tcpType: (typeof TCP_TYPES)[number] | null;
  /** The ICE generation that it belongs to, where it says so. */
  readonly ufrag: string | null;
}

const LINE =
  /^(?:a=)?candidate:([\w+/]{1,32}) 1 (udp|tcp) (\d{1,10}) ([\w:.-]{2,72}) (\d{1,5}) typ ([a-z]{4,5})((?: [!-~]+ [!-~]+)*)$/i;
const ICE_CHARACTERS = /^[A-Za-z0-9+/]+$/;
const PRIORITY_MAX = 2 ** 32 - 1;
const PORT_MAX = 65_535;

/** `undefined` where the line isn't of the grammar, or names what no data channel can use. */
export const parseCandidate = (line: string): IceCandidate | undefined => {
  if (line.length > CANDIDATE_MAX_LENGTH) return undefined;
  const [, foundation, transport, priority, address, port, typ, rest] = LINE.exec(line) ?? [];
  if (foundation === undefined || address === undefined || !ICE_CHARACTERS.test(foundation)) return undefined;
  const type = CANDIDATE_TYPES.find((known) => known === typ);
  if (type === undefined || !isAddress(address)) return undefined;
  if (Number(priority) > PRIORITY_MAX || Number(port) < 1 || Number(port) > PORT_MAX) return undefined;
  const extensions = (rest ?? '').trim().split(' ');
  const tcp = transport?.toLowerCase() === 'tcp';
  const tcpType = TCP_TYPES.find((known) => known === valueOf(extensions, 'tcptype')) ?? null;
  if (tcp !== (tcpType !== null)) return undefined;
  return {
    foundation,
    transport: tcp ? 'tcp' : 'udp',
    priority: Number(priority),
    address: address.toLowerCase(),
    port: Number(port),
    type,
    tcpType,
    ufrag: valueOf(extensions, 'ufrag') ?? null,
  };
};

const valueOf = (extensions: readonly string[], name: string): string | undefined => {
  const at = extensions.findIndex((word, i) => i % 2 === 0 && word === name);
  return at < 0 ? undefined : extensions[at + 1];
};

/**
 * The line of SDP without its `a=`, of the parsed fields alone. A related address is no use to the other side and may tell more
 * than anybody asked, but Firefox takes no reflexive or relayed candidate without one: it is always "anywhere".
 */
export const writeCandidate = (candidate: IceCandidate): string => {
  const { foundation, transport, priority, address, port, type, tcpType } = candidate;
  const anywhere = address.includes(':') ? '::' : '0.0.0.0';
  const related = type === 'host' ? '' : ` raddr ${anywhere} rport 0`;
  const tcp = tcpType === null ? '' : ` tcptype ${tcpType}`;
  return `candidate:${foundation} 1 ${transport} ${priority} ${address} ${port} typ ${type}${related}${tcp}`;
};

const HIDDEN_NAME = /^[a-z0-9-]{1,63}\.local$/i;
const isAddress = (text: string): boolean => HIDDEN_NAME.test(text) || isIpv4(text) || isIpv6(text);

const IPV4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;
const isIpv4 = (text: string): boolean => {
  const parts = IPV4.exec(text);
  return parts?.slice(1).every((part) => Number(part) <= 255) ?? false;
};

const IPV6_GROUPS = 8;
/** RFC 4291, section 2.2, without a zone. */
const isIpv6 = (text: string): boolean => {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return false;
  let groups = 0;
  for (const [at, half] of halves.entries()) {
    const words = half === '' ? [] : half.split(':');
    for (const [i, word] of words.entries()) {
      const last = at === halves.length - 1 && i === words.length - 1;
      if (last && isIpv4(word)) groups += 2;
      else if (/^[0-9a-f]{1,4}$/i.test(word)) groups += 1;
      else return false;
    }
  }
  return halves.length === 2 ? groups < IPV6_GROUPS : groups === IPV6_GROUPS;
};
