import {
  CANDIDATES_MAX,
  type Fingerprint,
  fail,
  ok,
  PEER_FRAME_MAX_BYTES,
  type Result,
  SDP_MAX_LENGTH,
} from '@earshot/protocol';
import { type IceCandidate, parseCandidate, writeCandidate } from './candidate.ts';

/**
 * All that a description of one data channel says. What a peer or server sent is read into this and written anew, and only
 * what was written anew reaches the browser: the fingerprint that the handshake signs is then the one that DTLS checks.
 * (Of two fingerprints Chromium honours the last and Firefox either one, so whoever picked "the first" could be deceived.)
 */
export interface Description {
  readonly iceUfrag: string;
  readonly icePwd: string;
  /** SHA-256 of the certificate, 32 bytes. */
  readonly fingerprint: Fingerprint;
  /** Who opens DTLS (RFC 8842): an offer leaves it open, an answer decides. */
  readonly setup: 'actpass' | 'active' | 'passive';
  readonly mid: string;
  readonly sctpPort: number;
  /** Largest message that its writer takes, bytes (RFC 8841). */
  readonly maxMessageSize: number;
  /** At most {@link CANDIDATES_MAX}; ill-formed ones are left out, as they would be had they come by themselves. */
  readonly candidates: readonly IceCandidate[];
}

export type SdpFault =
  | 'too_long'
  /** Not lines of SDP, or an attribute that counts has a value out of its grammar. */
  | 'malformed'
  /** Not exactly one section, for one data channel. */
  | 'not_one_channel'
  /** An attribute that counts isn't there. */
  | 'incomplete'
  /** An attribute that counts is there with two values. */
  | 'contradictory';

/** What counts, with its grammar. Everything else in a description is passed over and never written again. */
const GRAMMAR = {
  /** RFC 8839, section 5.4. */
  'ice-ufrag': /^[A-Za-z0-9+/]{4,256}$/,
  'ice-pwd': /^[A-Za-z0-9+/]{22,256}$/,
  /** RFC 8122. SHA-256 is the one that browsers use, and the one that the handshake signs. */
  fingerprint: /^sha-256 (?:[0-9a-f]{2}:){31}[0-9a-f]{2}$/i,
  setup: /^(?:actpass|active|passive)$/,
  mid: /^[A-Za-z0-9_.+-]{1,16}$/,
  'sctp-port': /^[1-9]\d{0,4}$/,
  'max-message-size': /^(?:0|[1-9]\d{0,19})$/,
} as const;
type Counted = keyof typeof GRAMMAR;

/** A control, or a carriage return that ends no line. */
const NO_TEXT = /(?![\r\n])\p{Cc}|\r(?!\n)/u;
const LINE = /^[a-z]=/;
/** Port 0 would say that the section is refused. */
const CHANNEL_SECTION = /^m=application [1-9]\d{0,4} (?:UDP|TCP)\/DTLS\/SCTP webrtc-datachannel$/;
const PORT_MAX = 65_535;
/** Said to be able to take any size (RFC 8841, section 6.1), and a bound for who says more. */
const MESSAGE_SIZE_MAX_BYTES = 2 ** 30;
/** What a peer takes that doesn't say (RFC 8841, section 6.1). */
const MESSAGE_SIZE_UNSAID = '65536';

export const parseSdp = (kind: 'offer' | 'answer', sdp: string): Result<Description, SdpFault> => {
  if (sdp.length > SDP_MAX_LENGTH) return fail('too_long');
  const read = readLines(sdp);
  if (!read.ok) return read;
  const { values, candidates } = read.value;
  const iceUfrag = values.get('ice-ufrag');
  const icePwd = values.get('ice-pwd');
  const fingerprint = values.get('fingerprint');
  const setup = values.get('setup');
  const mid = values.get('mid');
  const sctpPort = Number(values.get('sctp-port'));
  if (iceUfrag === undefined || icePwd === undefined || fingerprint === undefined) return fail('incomplete');
  if (setup === undefined || mid === undefined || Number.isNaN(sctpPort)) return fail('incomplete');
  const role = setup === 'active' || setup === 'passive' ? setup : 'actpass';
  if ((kind === 'offer') !== (role === 'actpass') || sctpPort > PORT_MAX) return fail('malformed');
  const size = Number(values.get('max-message-size') ?? MESSAGE_SIZE_UNSAID);
  const maxMessageSize = size === 0 ? MESSAGE_SIZE_MAX_BYTES : Math.min(size, MESSAGE_SIZE_MAX_BYTES);
  // Who can't take our largest frame can't be talked to.
  if (maxMessageSize < PEER_FRAME_MAX_BYTES) return fail('malformed');
  const bytes = fingerprintBytes(fingerprint);
  return ok({ iceUfrag, icePwd, fingerprint: bytes, setup: role, mid, sctpPort, maxMessageSize, candidates });
};

interface Lines {
  readonly values: ReadonlyMap<Counted, string>;
  readonly candidates: readonly IceCandidate[];
}

const readLines = (sdp: string): Result<Lines, SdpFault> => {
  const values = new Map<Counted, string>();
  const candidates: IceCandidate[] = [];
  let sections = 0;
  if (NO_TEXT.test(sdp)) return fail('malformed');
  const lines = sdp.replace(/\r?\n$/, '').split('\n');
  for (const [i, ended] of lines.entries()) {
    const line = ended.endsWith('\r') ? ended.slice(0, -1) : ended;
    if (!LINE.test(line) || (i === 0) !== (line === 'v=0')) return fail('malformed');
    if (line.startsWith('m=')) {
      if (++sections > 1 || !CHANNEL_SECTION.test(line)) return fail('not_one_channel');
    } else if (line.startsWith('a=candidate:')) {
      const candidate = candidates.length < CANDIDATES_MAX ? parseCandidate(line) : undefined;
      if (candidate !== undefined) candidates.push(candidate);
    } else if (line.startsWith('a=')) {
      const fault = readAttribute(line, values);
      if (fault !== undefined) return fail(fault);
    }
  }
  return sections === 1 ? ok({ values, candidates }) : fail('not_one_channel');
};

/** The same value may be said twice, for the session and for its one section; two values never. */
const readAttribute = (line: string, values: Map<Counted, string>): SdpFault | undefined => {
  const colon = line.indexOf(':');
  // Names are matched in lower case, lest a reader that takes them loosely sees an attribute that we didn't.
  const name = line
    .slice(2, colon < 0 ? undefined : colon)
    .trim()
    .toLowerCase();
  if (!isCounted(name)) return undefined;
  const said = colon < 0 ? '' : line.slice(colon + 1);
  if (!line.startsWith(`a=${name}:`) || !GRAMMAR[name].test(said)) return 'malformed';
  const value = name === 'fingerprint' ? said.toLowerCase() : said;
  const before = values.get(name);
  if (before !== undefined && before !== value) return 'contradictory';
  values.set(name, value);
  return undefined;
};

const isCounted = (name: string): name is Counted => Object.hasOwn(GRAMMAR, name);

/** Of the grammar's text, in lower case. */
const fingerprintBytes = (value: string): Fingerprint => {
  const bytes = new Uint8Array(32);
  for (let i = 0, at = 'sha-256 '.length; i < bytes.length; i++, at += 3) {
    bytes[i] = (nibble(value.charCodeAt(at)) << 4) | nibble(value.charCodeAt(at + 1));
  }
  return bytes;
};

const nibble = (code: number): number => (code < 58 ? code - 48 : code - 87);

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0').toUpperCase(),
);

/** A description in the words that every browser takes (RFC 8829, section 5). */
export const writeSdp = (description: Description): string => {
  const { iceUfrag, icePwd, fingerprint, setup, mid, sctpPort, maxMessageSize, candidates } = description;
  const hex = Array.from(fingerprint, (byte) => HEX[byte]).join(':');
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mid}`,
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    `a=ice-ufrag:${iceUfrag}`,
    `a=ice-pwd:${icePwd}`,
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${hex}`,
    `a=setup:${setup}`,
    `a=sctp-port:${sctpPort}`,
    `a=max-message-size:${maxMessageSize}`,
    ...candidates.map((candidate) => `a=${writeCandidate(candidate)}`),
  ];
  return `${lines.join('\r\n')}\r\n`;
};
