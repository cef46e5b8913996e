import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ICE_SERVERS_MAX,
  NAME_MAX_LENGTH,
  SDP_MAX_LENGTH,
  SERVER_FRAME_MAX_LENGTH,
  SIGNAL_FRAME_MAX_BYTES,
} from '../limits.ts';
import { parseClientMessage } from './client-messages.ts';
import { encodeSignal } from './encode.ts';
import { parseServerMessage } from './server-messages.ts';

const KEY = 'A'.repeat(43);
const ATTEMPT = 'abcdefgh_-ABCDEF';
const NONCE = 'A'.repeat(22);
const SIGNATURE = 'A'.repeat(86);
const claim = { key: { person: KEY, device: KEY, certificate: SIGNATURE }, nonce: NONCE, signature: SIGNATURE };

const client = (json: string) => parseClientMessage(JSON.parse(json));

describe('what clients send', () => {
  test.each([
    ['the original store_user', '{"type":"store_user","name":"ann"}', { type: 'store_user', name: 'ann' }],
    ['null data', '{"type":"store_user","name":"ann","data":null}', { type: 'store_user', name: 'ann', data: null }],
    ['a name not normalised', '{"type":"store_user","name":" Zoe\\u0308  B "}', { type: 'store_user', name: 'Zoë B' }],
    [
      'the original start_transfer',
      '{"type":"start_transfer","name":"x","target":"bob"}',
      { type: 'start_transfer', target: 'bob' },
    ],
    [
      'the original offer',
      '{"type":"create_offer","name":"x","target":"bob","data":{"sdp":"v=0","type":"OFFER"}}',
      { type: 'create_offer', target: 'bob', data: { sdp: 'v=0', type: 'OFFER' } },
    ],
    [
      'the original candidate, numbers as doubles',
      '{"type":"ice_candidate","name":"x","target":"bob","data":{"sdpMLineIndex":0.0,"sdpMid":"0","sdpCandidate":"c"}}',
      { type: 'ice_candidate', target: 'bob', data: { sdpMLineIndex: 0, sdpMid: '0', sdpCandidate: 'c' } },
    ],
    [
      'a candidate with nulls',
      '{"type":"ice_candidate","target":"bob","data":{"sdpMLineIndex":null,"sdpMid":null,"sdpCandidate":""}}',
      { type: 'ice_candidate', target: 'bob', data: { sdpMLineIndex: null, sdpMid: null, sdpCandidate: '' } },
    ],
    [
      'fields from the future are dropped',
      '{"type":"decline","target":"bob","attempt":"abcdefgh_-ABCDEF","mood":"bad","__proto__":{"x":1}}',
      { type: 'decline', target: 'bob', attempt: ATTEMPT },
    ],
    ['ping', '{"type":"ping"}', { type: 'ping' }],
  ])('%s', (_, json, value) => {
    expect(client(json)).toEqual({ ok: true, value });
  });

  test.each([
    ['null', 'null', 'not_json'],
    ['a number', '7', 'not_json'],
    ['a string', '"ping"', 'not_json'],
    ['an array', '[{"type":"ping"}]', 'not_json'],
    ['no type', '{}', 'unknown_type'],
    ['type null', '{"type":null}', 'unknown_type'],
    ['type of another kind', '{"type":["ping"]}', 'unknown_type'],
    ['type from the prototype', '{"type":"constructor"}', 'unknown_type'],
    ['type __proto__', '{"type":"__proto__"}', 'unknown_type'],
    ['type toString', '{"type":"toString"}', 'unknown_type'],
    ['fields hidden in __proto__', '{"__proto__":{"type":"ping"}}', 'unknown_type'],
    ['target hidden in __proto__', '{"type":"start_transfer","__proto__":{"target":"bob"}}', 'name_invalid'],
    ['a server’s message', '{"type":"user_stored","data":"ann"}', 'unknown_type'],
    ['no name', '{"type":"store_user"}', 'name_invalid'],
    ['name null', '{"type":"store_user","name":null}', 'name_invalid'],
    ['name a number', '{"type":"store_user","name":5}', 'name_invalid'],
    ['name an object', '{"type":"store_user","name":{"toString":1}}', 'name_invalid'],
    ['name empty', '{"type":"store_user","name":"  "}', 'name_invalid'],
    ['name turned around', '{"type":"store_user","name":"a\\u202eb"}', 'name_invalid'],
    ['name huge', JSON.stringify({ type: 'store_user', name: 'x'.repeat(NAME_MAX_LENGTH + 1) }), 'name_invalid'],
    ['target null', '{"type":"start_transfer","target":null}', 'name_invalid'],
    ['an offer without data', '{"type":"create_offer","target":"bob"}', 'invalid'],
    ['an offer with null', '{"type":"create_offer","target":"bob","data":null}', 'invalid'],
    ['an offer with a bare string', '{"type":"create_offer","target":"bob","data":"v=0"}', 'invalid'],
    ['an offer with an empty SDP', '{"type":"create_offer","target":"bob","data":{"sdp":""}}', 'invalid'],
    [
      'an offer too long',
      JSON.stringify({ type: 'create_offer', target: 'bob', data: { sdp: 'x'.repeat(SDP_MAX_LENGTH + 1) } }),
      'invalid',
    ],
    ['an attempt too short', '{"type":"decline","target":"bob","attempt":"abc"}', 'invalid'],
    ['an attempt with other characters', '{"type":"decline","target":"bob","attempt":"abcdefgh_-ABCDE!"}', 'invalid'],
    ['an attempt with a newline', '{"type":"decline","target":"bob","attempt":"abcdefgh_-ABCDE\\n"}', 'invalid'],
    ['a decline of nothing', '{"type":"decline","target":"bob"}', 'invalid'],
    [
      'a line that is no integer',
      '{"type":"ice_candidate","target":"b","data":{"sdpMLineIndex":0.5,"sdpCandidate":"c"}}',
      'invalid',
    ],
    [
      'a line below zero',
      '{"type":"ice_candidate","target":"b","data":{"sdpMLineIndex":-1,"sdpCandidate":"c"}}',
      'invalid',
    ],
    [
      'a line beyond all',
      '{"type":"ice_candidate","target":"b","data":{"sdpMLineIndex":1e999,"sdpCandidate":"c"}}',
      'invalid',
    ],
    ['no candidate', '{"type":"ice_candidate","target":"b","data":{}}', 'invalid'],
    [
      'a claim without a signature',
      JSON.stringify({ type: 'store_user', name: 'a', data: { ...claim, signature: undefined } }),
      'invalid',
    ],
    [
      'a claim with a short nonce',
      JSON.stringify({ type: 'store_user', name: 'a', data: { ...claim, nonce: 'AAAA' } }),
      'invalid',
    ],
    [
      'a claim with bits left over',
      JSON.stringify({ type: 'store_user', name: 'a', data: { ...claim, nonce: `${'A'.repeat(21)}B` } }),
      'invalid',
    ],
    [
      'a claim with no key',
      JSON.stringify({ type: 'store_user', name: 'a', data: { ...claim, key: { ...claim.key, device: 'A' } } }),
      'invalid',
    ],
  ])('refused: %s', (_, json, error) => {
    expect(client(json)).toEqual({ ok: false, error });
  });

  test('bytes come back as they went, also of Node’s own kind', () => {
    const nonce = Buffer.from('0123456789abcdef');
    const json = encodeSignal({ type: 'challenge', data: { nonce } });
    expect(parseServerMessage(json)).toEqual({
      ok: true,
      value: { type: 'challenge', data: { nonce: new Uint8Array(nonce) } },
    });
  });
});

const server = (data: unknown) => parseServerMessage(JSON.stringify({ type: 'ice_servers', data }));

describe('what servers send', () => {
  test.each([
    ['user_stored', '{"type":"user_stored","data":"ann"}', { type: 'user_stored', data: 'ann' }],
    ['nobody there', '{"type":"transfer_response","data":null}', { type: 'transfer_response', data: null }],
    [
      'somebody with a key',
      `{"type":"transfer_response","data":"bob","target":"bob","key":{"person":"${KEY}","device":"${KEY}"}}`,
      { type: 'transfer_response', data: 'bob', target: 'bob', key: { person: KEY, device: KEY } },
    ],
    [
      'a plain offer',
      '{"type":"offer_received","name":"ann","data":"v=0"}',
      { type: 'offer_received', name: 'ann', data: 'v=0' },
    ],
    [
      'a refusal',
      '{"type":"error","data":{"code":"target_unavailable","message":"m","target":"bob"}}',
      { type: 'error', data: { code: 'target_unavailable', message: 'm', target: 'bob' } },
    ],
    [
      'servers for connectivity',
      '{"type":"ice_servers","data":{"expires":1,"servers":[{"urls":"stun:a.example:3478"},{"urls":["turn:a.example?transport=udp","turns:a.example:443"],"username":"u","credential":"c"}]}}',
      {
        type: 'ice_servers',
        data: {
          expires: 1,
          servers: [
            { urls: 'stun:a.example:3478' },
            { urls: ['turn:a.example?transport=udp', 'turns:a.example:443'], username: 'u', credential: 'c' },
          ],
        },
      },
    ],
  ])('%s', (_, json, value) => {
    expect(parseServerMessage(json)).toEqual({ ok: true, value });
  });

  test.each([
    ['nothing', '', 'not_json'],
    ['half a frame', '{"type":"po', 'not_json'],
    ['null', 'null', 'not_json'],
    ['an array', '["pong"]', 'not_json'],
    ['no type', '{}', 'not_json'],
    ['a type from the future', '{"type":"weather"}', 'unknown_type'],
    ['a type from the prototype', '{"type":"hasOwnProperty"}', 'unknown_type'],
    ['no data where null belongs', '{"type":"transfer_response"}', 'invalid'],
    ['an offer as an object', '{"type":"offer_received","name":"ann","data":{"sdp":"v=0"}}', 'invalid'],
    [
      'a key that isn’t one',
      '{"type":"offer_received","name":"ann","data":"v=0","key":{"person":"x","device":"y"}}',
      'invalid',
    ],
    ['an error code from the prototype', '{"type":"error","data":{"code":"constructor","message":""}}', 'invalid'],
    ['a frame that never ends', `{"type":"pong","pad":"${'x'.repeat(SERVER_FRAME_MAX_LENGTH)}"}`, 'invalid'],
  ])('refused: %s', (_, json, error) => {
    expect(parseServerMessage(json)).toEqual({ ok: false, error });
  });

  test.each([
    ['web address', { expires: null, servers: [{ urls: 'https://a.example' }] }],
    ['no scheme', { expires: null, servers: [{ urls: 'a.example' }] }],
    ['no list', { expires: null, servers: [{ urls: [] }] }],
    ['relay without credentials', { expires: null, servers: [{ urls: 'turn:a.example' }] }],
    ['too many', { expires: null, servers: Array(ICE_SERVERS_MAX + 1).fill({ urls: 'stun:a.example' }) }],
    ['huge credential', { expires: null, servers: [{ urls: 'turn:a', username: 'u', credential: 'x'.repeat(5_000) }] }],
  ])('connectivity that a browser would throw on is refused: %s', (_, data) => {
    expect(server(data)).toEqual({ ok: false, error: 'invalid' });
  });

  test('no time is endless', () => {
    const json = '{"type":"ice_servers","data":{"servers":[],"expires":1e999}}';
    expect(parseServerMessage(json)).toEqual({ ok: false, error: 'invalid' });
  });
});

const SAMPLES = [
  { type: 'store_user', name: 'ann', data: claim },
  { type: 'create_offer', target: 'bob', device: KEY, attempt: ATTEMPT, data: { sdp: 'v=0', type: 'OFFER' } },
  { type: 'ice_candidate', target: 'bob', data: { sdpMLineIndex: 0, sdpMid: '0', sdpCandidate: 'c' } },
  { type: 'offer_received', name: 'ann', key: { person: KEY, device: KEY }, attempt: ATTEMPT, data: 'v=0' },
  { type: 'ice_servers', data: { servers: [{ urls: ['stun:a'] }], expires: 5 } },
  { type: 'error', data: { code: 'invalid', message: 'm' } },
].map((message) => JSON.stringify(message));

/** A sample with some of its characters cut, doubled, or exchanged for others that JSON gives a meaning. */
const mutated = fc
  .tuple(
    fc.constantFrom(...SAMPLES),
    fc.array(
      fc.tuple(
        fc.nat(400),
        fc.nat(8),
        fc.constantFrom(
          '',
          '"',
          '{',
          '}',
          '[',
          ']',
          ',',
          ':',
          '0',
          '-',
          '1e999',
          'null',
          '"__proto__":',
          '\\ud800',
          '\u0000',
        ),
      ),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map(([sample, edits]) =>
    edits.reduce(
      (text, [at, cut, put]) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + cut),
      sample,
    ),
  );

test('100,000 mutated frames: a result each, never an exception', () => {
  fc.assert(
    fc.property(
      fc.oneof({ weight: 4, arbitrary: mutated }, { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) }),
      (text) => {
        parseServerMessage(text);
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          return;
        }
        const parsed = parseClientMessage(value);
        // What was taken is taken again as it is: nothing sneaks through one reading and changes in the next.
        if (!parsed.ok) return;
        const again = parseClientMessage(JSON.parse(encodeSignal(parsed.value)));
        expect(again.ok && encodeSignal(again.value)).toBe(encodeSignal(parsed.value));
      },
    ),
    { numRuns: 100_000 },
  );
}, 60_000);

test('depth and width within a frame cost no exception', () => {
  const deep = `{"type":"store_user","name":${'['.repeat(SIGNAL_FRAME_MAX_BYTES / 2)}${']'.repeat(SIGNAL_FRAME_MAX_BYTES / 2)}}`;
  expect(client(deep)).toEqual({ ok: false, error: 'name_invalid' });
  const wide = `{"type":"ping",${Array.from({ length: 3_000 }, (_, i) => `"k${i}":1`).join(',')}}`;
  expect(client(wide)).toEqual({ ok: true, value: { type: 'ping' } });
});
