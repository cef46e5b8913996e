import { CANDIDATES_MAX } from '@earshot/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCandidate, writeCandidate } from './candidate.ts';
import { type Description, parseSdp, writeSdp } from './sdp.ts';

const A = Array.from({ length: 32 }, (_, i) => (i * 7).toString(16).padStart(2, '0').toUpperCase()).join(':');
const B = A.replace('07', '08');

const CHROMIUM = `v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=ice-ufrag:Xy+/
a=ice-pwd:asd88fgpdd777uzjYhagZg12
a=ice-options:trickle
a=fingerprint:sha-256 ${A}
a=setup:actpass
a=mid:0
a=sctp-port:5000
a=max-message-size:262144
`;

const FIREFOX = `v=0
o=mozilla...THIS_IS_SDPARTA-99.0 8313431742934127583 0 IN IP4 0.0.0.0
s=-
t=0 0
a=sendrecv
a=fingerprint:sha-256 ${A}
a=group:BUNDLE 0
a=ice-options:trickle
a=msid-semantic:WMS *
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=sendrecv
a=ice-pwd:0123456789abcdef0123456789abcdef
a=ice-ufrag:01234567
a=mid:0
a=setup:actpass
a=sctp-port:5000
a=max-message-size:1073741823
`;

const NODE = `v=0
o=rtc 3284500588 0 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=msid-semantic:WMS *
a=ice-options:ice2,trickle
a=fingerprint:sha-256 ${A}
m=application 39212 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 192.0.2.2
a=mid:0
a=sendrecv
a=sctp-port:5000
a=max-message-size:262144
a=setup:actpass
a=ice-ufrag:dTzF
a=ice-pwd:MdIxX2+9SaF9v9X4/DqZXt
a=candidate:2 1 UDP 2116026111 fd00::2 39212 typ host
a=candidate:1 1 UDP 2114977791 192.0.2.2 39212 typ host
a=end-of-candidates
`;

const crlf = (sdp: string): string => sdp.replaceAll('\n', '\r\n');
const ADDED = /^a=setup/m;
/** Puts a line into the channel's section. */
const withLine = (line: string, sdp = CHROMIUM): string => sdp.replace(ADDED, `${line}\na=setup`);
const inSession = (line: string, sdp = CHROMIUM): string => sdp.replace(/^m=/m, `${line}\nm=`);
const without = (start: string, sdp = CHROMIUM): string => sdp.replace(new RegExp(`^${start}.*\n`, 'm'), '');

const parsed = (sdp: string, kind: 'offer' | 'answer' = 'offer'): Description => {
  const result = parseSdp(kind, crlf(sdp));
  if (!result.ok) throw new Error(result.error);
  return result.value;
};

describe('descriptions that are taken', () => {
  test.each([
    ['Chromium', CHROMIUM],
    ['Firefox', FIREFOX],
    ['Node', NODE],
  ])('%s’s, and what is written of it is read as the same', (_, sdp) => {
    const description = parsed(sdp);
    expect(description.fingerprint[1]).toBe(7);
    expect(description.mid).toBe('0');
    expect(parsed(writeSdp(description).replaceAll('\r\n', '\n'))).toEqual(description);
  });

  test('an answer says who opens DTLS', () => {
    for (const setup of ['active', 'passive']) {
      expect(parsed(CHROMIUM.replace('actpass', setup), 'answer').setup).toBe(setup);
    }
  });

  test.each([
    ['the same fingerprint twice', inSession(`a=fingerprint:sha-256 ${A}`)],
    ['the same fingerprint in other letters', inSession(`a=fingerprint:SHA-256 ${A.toLowerCase()}`)],
    ['attributes that nobody knows', withLine('a=fancy:1\na=fancier\nb=AS:30')],
    ['lines that end without carriage return', CHROMIUM],
  ])('%s', (_, sdp) => {
    expect(parseSdp('offer', sdp)).toEqual({ ok: true, value: parsed(CHROMIUM) });
  });

  test.each([
    ['a=max-message-size:0', 2 ** 30],
    ['a=max-message-size:99999999999999999999', 2 ** 30],
    ['a=max-message-size:65536', 65_536],
    ['a=other', 65_536],
  ])('%s means %s bytes', (line, size) => {
    expect(parsed(withLine(line, without('a=max-message-size'))).maxMessageSize).toBe(size);
  });

  test('candidates: good ones are kept up to the bound, bad ones left out', () => {
    const good = (i: number): string => `a=candidate:${i} 1 udp 1 192.0.2.1 ${1000 + i} typ host`;
    const lines = ['a=candidate:rubbish', ...Array.from({ length: CANDIDATES_MAX + 5 }, (_, i) => good(i))];
    const { candidates } = parsed(withLine(lines.join('\n')));
    expect(candidates).toHaveLength(CANDIDATES_MAX);
    expect(candidates[0]?.port).toBe(1000);
  });
});

describe('descriptions that are refused', () => {
  const section = CHROMIUM.slice(CHROMIUM.indexOf('m='));
  test.each([
    ['a second fingerprint in the section', withLine(`a=fingerprint:sha-256 ${B}`), 'contradictory'],
    ['a second fingerprint in the session', inSession(`a=fingerprint:sha-256 ${B}`), 'contradictory'],
    ['a second fingerprint, written oddly', withLine(`a=Fingerprint:sha-256 ${B}`), 'malformed'],
    ['a second fingerprint after a space', withLine(`a= fingerprint:sha-256 ${B}`), 'malformed'],
    ['a second fingerprint before a space', withLine(`a=fingerprint :sha-256 ${B}`), 'malformed'],
    ['a second fingerprint by another hash', withLine(`a=fingerprint:sha-1 ${B.slice(0, 59)}`), 'malformed'],
    ['a second fingerprint behind a lone carriage return', withLine(`a=x\ra=fingerprint:sha-256 ${B}`), 'malformed'],
    ['a second fingerprint behind a zero', withLine(`a=x\0a=fingerprint:sha-256 ${B}`), 'malformed'],
    ['a fingerprint without a value', withLine('a=fingerprint'), 'malformed'],
    ['no fingerprint', without('a=fingerprint'), 'incomplete'],
    ['a short fingerprint', CHROMIUM.replace(A, A.slice(3)), 'malformed'],
    ['no ufrag', without('a=ice-ufrag'), 'incomplete'],
    ['another ufrag', inSession('a=ice-ufrag:abcd'), 'contradictory'],
    ['a ufrag that breaks out', CHROMIUM.replace('Xy+/', 'ab cd'), 'malformed'],
    ['no pwd', without('a=ice-pwd'), 'incomplete'],
    ['a short pwd', CHROMIUM.replace(/pwd:\w+/, 'pwd:short'), 'malformed'],
    ['no setup', without('a=setup'), 'incomplete'],
    ['another setup', inSession('a=setup:active'), 'contradictory'],
    ['an offer that decides about DTLS', CHROMIUM.replace('actpass', 'active'), 'malformed'],
    ['holding DTLS back', CHROMIUM.replace('actpass', 'holdconn'), 'malformed'],
    ['no mid', without('a=mid'), 'incomplete'],
    ['a long mid', CHROMIUM.replace('mid:0', `mid:${'x'.repeat(17)}`), 'malformed'],
    ['no port', without('a=sctp-port'), 'incomplete'],
    ['a port above the last', CHROMIUM.replace('5000', '65536'), 'malformed'],
    ['messages smaller than ours', CHROMIUM.replace('262144', '65535'), 'malformed'],
    ['two sections', CHROMIUM + section, 'not_one_channel'],
    ['no section', CHROMIUM.slice(0, CHROMIUM.indexOf('m=')), 'not_one_channel'],
    ['sound as well', `${CHROMIUM}m=audio 9 UDP/TLS/RTP/SAVPF 111\n`, 'not_one_channel'],
    ['a refused section', CHROMIUM.replace('application 9', 'application 0'), 'not_one_channel'],
    ['the old form', CHROMIUM.replace('UDP/DTLS/SCTP webrtc-datachannel', 'DTLS/SCTP 5000'), 'not_one_channel'],
    ['no DTLS', CHROMIUM.replace('UDP/DTLS/SCTP', 'UDP/SCTP'), 'not_one_channel'],
    ['another version', CHROMIUM.replace('v=0', 'v=1'), 'malformed'],
    ['two sessions', inSession('v=0'), 'malformed'],
    ['a blank line', withLine(''), 'malformed'],
    ['no SDP', 'hello', 'malformed'],
    ['nothing', '', 'malformed'],
    ['too much', CHROMIUM + `a=${'x'.repeat(25_000)}\n`, 'too_long'],
  ])('%s', (_, sdp, error) => {
    expect(parseSdp('offer', sdp)).toEqual({ ok: false, error });
  });

  test('an answer that leaves DTLS open', () => {
    expect(parseSdp('answer', CHROMIUM)).toEqual({ ok: false, error: 'malformed' });
  });
});

describe('candidates', () => {
  test.each([
    [
      'candidate:1 1 udp 2122260223 192.0.2.1 5000 typ host generation 0 ufrag Xy+/ network-id 1 network-cost 10',
      'candidate:1 1 udp 2122260223 192.0.2.1 5000 typ host',
    ],
    ['a=candidate:2 1 UDP 2116026111 fd00::2 39212 typ host', 'candidate:2 1 udp 2116026111 fd00::2 39212 typ host'],
    [
      'candidate:3 1 TCP 1518280447 192.0.2.1 9 typ host tcptype active',
      'candidate:3 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active',
    ],
    [
      'candidate:4 1 udp 1 198.51.100.7 61 typ srflx raddr 192.168.1.5 rport 61 generation 0',
      'candidate:4 1 udp 1 198.51.100.7 61 typ srflx raddr 0.0.0.0 rport 0',
    ],
    [
      'candidate:5 1 udp 1 2001:db8::1 61 typ relay raddr 192.168.1.5 rport 61',
      'candidate:5 1 udp 1 2001:db8::1 61 typ relay raddr :: rport 0',
    ],
    [
      'candidate:6 1 UDP 1 3b1f9F8a-0000-4000-8000-000000000001.local 61 typ host',
      'candidate:6 1 udp 1 3b1f9f8a-0000-4000-8000-000000000001.local 61 typ host',
    ],
    ['candidate:7 1 udp 1 ::ffff:192.0.2.1 61 typ host', 'candidate:7 1 udp 1 ::ffff:192.0.2.1 61 typ host'],
    ['candidate:8 1 udp 1 1:2:3:4:5:6:7:8 61 typ host', 'candidate:8 1 udp 1 1:2:3:4:5:6:7:8 61 typ host'],
    ['candidate:9 1 udp 1 :: 61 typ host', 'candidate:9 1 udp 1 :: 61 typ host'],
  ])('%s', (line, written) => {
    const candidate = parseCandidate(line);
    expect(candidate && writeCandidate(candidate)).toBe(written);
    const { ufrag: _, ...again } = parseCandidate(written) ?? { ufrag: null };
    expect(candidate).toMatchObject(again);
  });

  test('keeps the generation', () => {
    expect(parseCandidate('candidate:1 1 udp 1 192.0.2.1 5000 typ host generation 0 ufrag Xy+/')?.ufrag).toBe('Xy+/');
    expect(parseCandidate('candidate:1 1 udp 1 192.0.2.1 5000 typ host')?.ufrag).toBeNull();
  });

  test.each([
    '',
    'candidate:',
    'candidate:1 2 udp 1 192.0.2.1 5000 typ host',
    'candidate:1 1 sctp 1 192.0.2.1 5000 typ host',
    'candidate:1 1 udp 4294967296 192.0.2.1 5000 typ host',
    'candidate:1 1 udp 1 192.0.2.1 0 typ host',
    'candidate:1 1 udp 1 192.0.2.1 65536 typ host',
    'candidate:1 1 udp 1 192.0.2.1 5000 typ magic',
    'candidate:1 1 udp 1 192.0.2.1 5000 typ host odd',
    'candidate:1 1 udp 1 192.0.2.1 5000 typ host x y\r\na=fingerprint:sha-256 AA',
    'candidate:1 1 udp 1 192.0.2.1 5000 typ host tcptype active',
    'candidate:1 1 tcp 1 192.0.2.1 5000 typ host',
    'candidate:1 1 udp 1 192.0.2.256 5000 typ host',
    'candidate:1 1 udp 1 192.0.02.1 5000 typ host',
    'candidate:1 1 udp 1 192.0.2 5000 typ host',
    'candidate:1 1 udp 1 attacker.example.com 5000 typ host',
    'candidate:1 1 udp 1 a.b.local 5000 typ host',
    'candidate:1 1 udp 1 1:2:3:4:5:6:7 5000 typ host',
    'candidate:1 1 udp 1 1::2::3 5000 typ host',
    'candidate:1 1 udp 1 1:2:3:4:5:6:7::8 5000 typ host',
    'candidate:1 1 udp 1 fe80::1%eth0 5000 typ host',
    `candidate:1 1 udp 1 192.0.2.1 5000 typ host x ${'y'.repeat(1024)}`,
  ])('refuses %j', (line) => {
    expect(parseCandidate(line)).toBeUndefined();
  });
});

describe('hostile descriptions', () => {
  const PIECES = [
    ...crlf(CHROMIUM).split(/(?<=\r\n)/),
    ...FIREFOX.split(/(?<=\n)/),
    ...NODE.split(/(?<=\n)/),
    `a=fingerprint:sha-256 ${B}\r\n`,
    `a=fingerprint:sha-256 ${A}\r`,
    'a=setup:active\r\n',
    'a=mid:\r\n',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n',
    '\r\n',
    'a=ice-ufrag:\u2028abcd\n',
    'a=candidate:1 1 udp 1 192.0.2.1 5000 typ host\r\n',
  ];
  const shuffled = fc.array(fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...PIECES) }, fc.string()), {
    maxLength: 40,
  });
  const altered = fc
    .tuple(
      fc.constantFrom(CHROMIUM, FIREFOX, NODE),
      fc.array(fc.tuple(fc.nat(900), fc.nat(30), fc.constantFrom(...PIECES, '', '\0', ':'))),
    )
    .map(([sdp, cuts]) =>
      cuts.reduce((text, [at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length), sdp),
    );

  test('never throw; what is taken has one fingerprint and is read again as it was written', {
    timeout: 30_000,
  }, () => {
    let taken = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          altered,
          shuffled.map((pieces) => pieces.join('')),
        ),
        fc.constantFrom('offer' as const, 'answer' as const),
        (sdp, kind) => {
          const result = parseSdp(kind, sdp);
          if (!result.ok) return;
          taken++;
          const written = writeSdp(result.value);
          expect(parseSdp(kind, written)).toEqual({
            ok: true,
            value: {
              ...result.value,
              candidates: result.value.candidates.map((candidate) => ({ ...candidate, ufrag: null })),
            },
          });
          expect(written.match(/fingerprint/gi)).toHaveLength(1);
          expect(written).toMatch(/^(?:[a-z]=[ -~]*\r\n)+$/);
          const said = sdp.match(/(?<=sha-256 )[\da-f:]{95}/gi) ?? [];
          expect(new Set(said.map((text) => text.toUpperCase())).size).toBe(1);
        },
      ),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  test('candidates never throw, and what is written is read as the same', { timeout: 30_000 }, () => {
    const words = [
      'candidate:1',
      '1',
      'udp',
      'tcp',
      '1',
      '192.0.2.1',
      '::1',
      'x.local',
      '5000',
      'typ',
      'host',
      'relay',
      'raddr',
      'tcptype',
      'active',
      'ufrag',
      ' ',
      '\r\n',
    ];
    const lines = fc.array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...words) }, fc.string()), {
      maxLength: 14,
    });
    fc.assert(
      fc.property(lines, fc.array(fc.string(), { maxLength: 4 }), (start, end) => {
        for (const line of [start.join(' '), ['candidate:1 1 udp 1 192.0.2.1 5000 typ host', ...end].join(' ')]) {
          const candidate = parseCandidate(line);
          if (candidate === undefined) continue;
          expect(parseCandidate(writeCandidate(candidate))).toEqual({ ...candidate, ufrag: null });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
