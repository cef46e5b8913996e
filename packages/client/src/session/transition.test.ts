import {
  BEAT_EVERY_MS,
  BEAT_SILENCE_MAX_MS,
  CONNECT_MAX_MS,
  conversationIdOf,
  deviceIdOf,
  HANDSHAKE_MAX_MS,
  type Identity,
  type PeerFrame,
  personIdOf,
} from '@earshot/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RtcPath } from '../ports/index.ts';
import type { SessionEffect, SessionEvent, SessionState } from './lifecycle.ts';
import { type Description, writeSdp } from './sdp.ts';
import { maySend } from './secure.ts';
import { beginCallee, beginCaller, transition } from './transition.ts';

const describes = (setup: Description['setup'], byte: number): string =>
  writeSdp({
    iceUfrag: 'abcd',
    icePwd: 'x'.repeat(22),
    fingerprint: new Uint8Array(32).fill(byte),
    setup,
    mid: '0',
    sctpPort: 5000,
    maxMessageSize: 262_144,
    candidates: [],
  });
const OFFER = describes('actpass', 1);
const ANSWER = describes('active', 2);
const LINE = 'candidate:1 1 udp 1 192.0.2.1 5000 typ host';
const CANDIDATE = { sdpCandidate: LINE, sdpMid: '0', sdpMLineIndex: 0 };
const PEER: Identity = {
  person: personIdOf(new Uint8Array(32)),
  device: deviceIdOf(new Uint8Array(32)),
  certificate: new Uint8Array(64),
};
const CHAT: PeerFrame = { type: 'have', conversation: conversationIdOf(new Uint8Array(32)), vector: [] };
const DIRECT: RtcPath = { kind: 'direct', roundTripMs: 3000 };

const EVENTS = {
  ownOffer: { type: 'described', sdp: OFFER },
  ownAnswer: { type: 'described', sdp: ANSWER },
  ownRubbish: { type: 'described', sdp: 'rubbish' },
  accepted: { type: 'accepted' },
  refused: { type: 'refused', fault: 'refused' },
  gone: { type: 'refused', fault: 'closed' },
  gathered: { type: 'gathered', candidate: CANDIDATE },
  answer: { type: 'signal', signal: { type: 'answer', sdp: ANSWER } },
  badAnswer: { type: 'signal', signal: { type: 'answer', sdp: 'rubbish' } },
  candidate: { type: 'signal', signal: { type: 'candidate', candidate: CANDIDATE } },
  offer: { type: 'signal', signal: { type: 'offer', sdp: OFFER } },
  connected: { type: 'state', state: 'connected' },
  disconnected: { type: 'state', state: 'disconnected' },
  failed: { type: 'state', state: 'failed' },
  closed: { type: 'state', state: 'closed' },
  opened: { type: 'opened' },
  channelClosed: { type: 'channel_closed' },
  proved: { type: 'proved', proof: { peer: PEER, version: 1, code: [1, 2, 3, 4, 5, 6, 7] } },
  confirmed: { type: 'confirmed', at: 1_000 },
  unproved: { type: 'unproved', fault: 'not_proved' },
  chat: { type: 'frame', frame: CHAT, at: 1_000 },
  beat: { type: 'frame', frame: { type: 'beat', count: 7 }, at: 1_000 },
  echo: { type: 'frame', frame: { type: 'echo', count: 1 }, at: 1_021 },
  otherEcho: { type: 'frame', frame: { type: 'echo', count: 9 }, at: 1_021 },
  bye: { type: 'frame', frame: { type: 'bye' }, at: 1_000 },
  broken: { type: 'broken' },
  timer: { type: 'timer', at: 6_000 },
  path: { type: 'path', path: DIRECT },
  noPath: { type: 'path', path: null },
  close: { type: 'close' },
} as const satisfies Record<string, SessionEvent>;
type EventName = keyof typeof EVENTS;

/** The way of a caller that goes well, and of a callee. */
const CALLER: readonly EventName[] = ['ownOffer', 'answer', 'accepted', 'opened', 'proved', 'confirmed'];
const CALLEE: readonly EventName[] = ['ownAnswer', 'opened', 'proved', 'confirmed'];

const after = (begin: SessionState, names: readonly EventName[]): SessionState =>
  names.reduce((state, name) => transition(state, EVENTS[name]).state, begin);

const offering = beginCaller().state;
const answering = beginCallee(OFFER).state;
const STATES = {
  offering,
  answering,
  asking: after(offering, CALLER.slice(0, 1)),
  accepting: after(offering, CALLER.slice(0, 2)),
  connecting: after(offering, CALLER.slice(0, 3)),
  proving: after(offering, CALLER.slice(0, 4)),
  proved: after(offering, CALLER.slice(0, 5)),
  secure: after(offering, CALLER),
  ended: after(offering, ['close']),
} as const;
type StateName = keyof typeof STATES;

const word = (effect: SessionEffect): string => {
  switch (effect.type) {
    case 'end':
      return `end ${effect.reason}`;
    case 'timer':
      return `timer ${effect.ms}`;
    case 'signal':
      return `signal ${effect.signal.type}`;
    case 'send':
      return `send ${effect.frame.type}`;
    case 'prove':
      return `prove ${effect.role} ${effect.own[0]} ${effect.peer[0]}`;
    case 'tell_path':
      return `tell_path ${effect.path?.kind} ${effect.path?.roundTripMs}`;
    default:
      return effect.type;
  }
};
const words = (effects: readonly SessionEffect[]): string => effects.map(word).join(', ');

describe('where sessions begin', () => {
  test('a caller offers, a callee answers', () => {
    expect(words(beginCaller().effects)).toBe(`offer, timer ${CONNECT_MAX_MS}`);
    expect(words(beginCallee(OFFER).effects)).toBe(`answer, timer ${CONNECT_MAX_MS}`);
  });

  test.each(['rubbish', ANSWER, OFFER.replace('a=setup', `a=fingerprint:sha-256 ${'AA:'.repeat(31)}AA\r\na=setup`)])(
    'a callee refuses %j',
    (sdp) => {
      expect(beginCallee(sdp)).toEqual({ state: { at: 'ended' }, effects: [{ type: 'end', reason: 'violation' }] });
    },
  );

  test('no text of the other side reaches the platform as it came', () => {
    const step = beginCallee(`${OFFER}a=x-secret:1\r\n`);
    expect(JSON.stringify(step.effects)).not.toContain('secret');
    const accepting = transition(STATES.asking, {
      type: 'signal',
      signal: { type: 'answer', sdp: `${ANSWER}a=x-secret:1\r\n` },
    });
    expect(words(accepting.effects)).toContain('accept');
    expect(JSON.stringify(accepting.effects)).not.toContain('secret');
  });
});

describe('the transition', () => {
  const rows: readonly (readonly [StateName, EventName, SessionState['at'], string])[] = [
    ['offering', 'gathered', 'offering', ''],
    ['offering', 'ownOffer', 'asking', 'signal offer'],
    ['offering', 'ownRubbish', 'ended', 'end unreachable'],
    ['offering', 'refused', 'ended', 'end unreachable'],
    ['offering', 'timer', 'ended', 'end unreachable'],
    ['offering', 'answer', 'offering', ''],
    ['offering', 'candidate', 'offering', ''],
    ['offering', 'channelClosed', 'ended', 'end unreachable'],
    ['offering', 'close', 'ended', 'end closed'],
    ['answering', 'ownAnswer', 'connecting', `signal answer, timer ${CONNECT_MAX_MS}`],
    ['answering', 'ownRubbish', 'ended', 'end unreachable'],
    ['answering', 'refused', 'ended', 'end violation'],
    ['answering', 'gone', 'ended', 'end unreachable'],
    ['answering', 'timer', 'ended', 'end unreachable'],
    ['answering', 'offer', 'answering', ''],
    ['answering', 'opened', 'answering', ''],
    ['asking', 'gathered', 'asking', 'signal candidate'],
    ['asking', 'answer', 'connecting', `accept, timer ${CONNECT_MAX_MS}`],
    ['asking', 'badAnswer', 'ended', 'end violation'],
    ['asking', 'timer', 'asking', ''],
    ['asking', 'opened', 'asking', ''],
    ['asking', 'failed', 'ended', 'end unreachable'],
    ['accepting', 'candidate', 'connecting', ''],
    ['accepting', 'answer', 'connecting', ''],
    ['accepting', 'badAnswer', 'connecting', ''],
    ['accepting', 'refused', 'ended', 'end violation'],
    ['accepting', 'opened', 'proving', `tell_opened, timer ${HANDSHAKE_MAX_MS}, prove caller 1 2`],
    ['connecting', 'candidate', 'connecting', 'add'],
    ['connecting', 'opened', 'proving', `tell_opened, timer ${HANDSHAKE_MAX_MS}, prove caller 1 2`],
    ['connecting', 'connected', 'connecting', ''],
    ['connecting', 'disconnected', 'connecting', ''],
    ['connecting', 'failed', 'ended', 'end unreachable'],
    ['connecting', 'closed', 'ended', 'end unreachable'],
    ['connecting', 'timer', 'ended', 'end unreachable'],
    ['connecting', 'broken', 'ended', 'end violation'],
    ['connecting', 'proved', 'connecting', ''],
    ['proving', 'accepted', 'proving', ''],
    ['proving', 'candidate', 'proving', 'add'],
    ['proving', 'proved', 'proved', 'tell_secured, measure'],
    ['proving', 'confirmed', 'proving', ''],
    ['proving', 'unproved', 'ended', 'end not_proved'],
    ['proving', 'chat', 'ended', 'end violation'],
    ['proving', 'broken', 'ended', 'end violation'],
    ['proving', 'timer', 'ended', 'end not_proved'],
    ['proving', 'failed', 'ended', 'end lost'],
    ['proving', 'closed', 'ended', 'end left'],
    ['proving', 'channelClosed', 'ended', 'end left'],
    ['proving', 'close', 'ended', 'end closed'],
    ['proved', 'path', 'proved', ''],
    ['proved', 'noPath', 'proved', 'measure_soon'],
    ['proved', 'confirmed', 'secure', `send beat, timer ${BEAT_EVERY_MS}, read_frames`],
    ['proved', 'unproved', 'ended', 'end not_proved'],
    ['proved', 'timer', 'ended', 'end lost'],
    ['proved', 'channelClosed', 'ended', 'end left'],
    ['proved', 'close', 'ended', 'send bye, end closed'],
    ['secure', 'chat', 'secure', 'tell_frame'],
    ['secure', 'beat', 'secure', 'send echo'],
    ['secure', 'echo', 'secure', ''],
    ['secure', 'otherEcho', 'secure', ''],
    ['secure', 'bye', 'ended', 'end left'],
    ['secure', 'broken', 'ended', 'end violation'],
    ['secure', 'timer', 'secure', `send beat, timer ${BEAT_EVERY_MS}, measure`],
    ['secure', 'path', 'secure', 'tell_path direct null'],
    ['secure', 'noPath', 'secure', 'measure_soon'],
    ['secure', 'connected', 'secure', 'measure'],
    ['secure', 'disconnected', 'secure', 'measure'],
    ['secure', 'failed', 'ended', 'end lost'],
    ['secure', 'closed', 'ended', 'end left'],
    ['secure', 'channelClosed', 'ended', 'end left'],
    ['secure', 'candidate', 'secure', 'add'],
    ['secure', 'answer', 'secure', ''],
    ['secure', 'opened', 'secure', ''],
    ['secure', 'proved', 'secure', ''],
    ['secure', 'close', 'ended', 'send bye, end closed'],
  ];
  test.each(rows)('%s, %s → %s: %s', (from, event, to, effects) => {
    const step = transition(STATES[from], EVENTS[event]);
    expect([step.state.at, words(step.effects)]).toEqual([to, effects]);
  });

  test.each(Object.keys(EVENTS) as EventName[])('ended, %s → nothing', (event) => {
    expect(transition(STATES.ended, EVENTS[event])).toEqual({ state: { at: 'ended' }, effects: [] });
  });

  test('a callee proves itself as that, with the fingerprints the other way round', () => {
    const step = transition(after(answering, ['ownAnswer']), EVENTS.opened);
    expect(words(step.effects)).toContain('prove callee 2 1');
  });

  test('own candidates go after their description, in their order', () => {
    const step = transition(after(offering, ['gathered', 'gathered']), EVENTS.ownOffer);
    expect(words(step.effects)).toBe('signal offer, signal candidate, signal candidate');
  });

  test.each<[string, SessionState, EventName, string]>([
    ['a caller’s, early', after(offering, ['candidate', 'ownOffer', 'candidate', 'answer']), 'accepted', 'add'],
    ['a caller’s, before the platform is ready', after(STATES.accepting, ['candidate']), 'accepted', 'add'],
    ['a caller’s, the channel open first', after(STATES.accepting, ['candidate', 'opened']), 'accepted', 'add'],
    ['a callee’s', after(answering, ['candidate']), 'ownAnswer', `signal answer, timer ${CONNECT_MAX_MS}, add`],
  ])('their candidates wait for their description: %s', (_, state, event, effects) => {
    expect(words(transition(state, EVENTS[event]).effects)).toBe(effects);
  });

  test('one that is doubled is added once', () => {
    expect(words(transition(after(STATES.connecting, ['candidate']), EVENTS.candidate).effects)).toBe('');
  });

  test('the path is told once for each change, with the round trip of the last beat', () => {
    const known = after(STATES.secure, ['path']);
    expect(words(transition(known, EVENTS.path).effects)).toBe('');
    const measured = transition(known, EVENTS.echo);
    expect(words(measured.effects)).toBe('tell_path direct 21');
    expect(words(transition(measured.state, EVENTS.path).effects)).toBe('');
    expect(words(transition(measured.state, { type: 'path', path: { kind: 'relayed', roundTripMs: 3 } }).effects)).toBe(
      'tell_path relayed 21',
    );
    expect(words(transition(measured.state, EVENTS.noPath).effects)).toBe(
      'tell_path undefined undefined, measure_soon',
    );
  });

  test('a path known before the last word is told with it', () => {
    expect(words(transition(after(STATES.proved, ['path']), EVENTS.confirmed).effects)).toBe(
      `tell_path direct null, send beat, timer ${BEAT_EVERY_MS}, read_frames`,
    );
  });

  test('silence ends it, any word puts that off', () => {
    const beats = BEAT_SILENCE_MAX_MS / BEAT_EVERY_MS;
    const silent = after(STATES.secure, Array<EventName>(beats - 1).fill('timer'));
    expect(silent.at).toBe('secure');
    expect(words(transition(silent, EVENTS.timer).effects)).toBe('end lost');
    for (const heard of ['chat', 'beat', 'echo', 'otherEcho'] as const) {
      expect(after(silent, [heard, ...Array<EventName>(beats).fill('timer')]).at).toBe('secure');
      expect(after(silent, [heard, ...Array<EventName>(beats + 1).fill('timer')]).at).toBe('ended');
    }
  });
});

test('whatever happens in whatever order, a session keeps its rules', { timeout: 30_000 }, () => {
  const names = Object.keys(EVENTS) as EventName[];
  const event = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...CALLER, ...CALLEE, 'path' as const, 'chat' as const, 'timer' as const) },
    fc.constantFrom(...names),
  );
  /** As far as all goes well. */
  const way = fc.oneof(
    fc.nat(CALLER.length).map((length) => [offering, CALLER.slice(0, length)] as const),
    fc.nat(CALLEE.length).map((length) => [answering, CALLEE.slice(0, length)] as const),
  );
  let secured = 0;
  fc.assert(
    fc.property(way, fc.array(event, { maxLength: 20 }), ([begin, first], then) => {
      let state: SessionState = begin;
      const said: SessionEffect['type'][] = [];
      for (const name of [...first, ...then]) {
        const step = transition(state, EVENTS[name]);
        for (const effect of step.effects) {
          if (effect.type === 'tell_frame') expect(state.at).toBe('secure');
          if (effect.type === 'tell_path') expect(step.state.at).toBe('secure');
          if (effect.type === 'send') expect(maySend(state)).toBe(true);
          if (effect.type === 'add') expect(said.includes('accept') || begin === answering).toBe(true);
          said.push(effect.type);
        }
        if (step.state.at === 'ended' && state.at !== 'ended') expect(step.effects.at(-1)?.type).toBe('end');
        state = step.state;
      }
      const count = (type: SessionEffect['type']): number => said.filter((one) => one === type).length;
      for (const once of ['accept', 'prove', 'tell_opened', 'tell_secured', 'read_frames', 'end', 'add'] as const) {
        expect(count(once)).toBeLessThanOrEqual(1);
      }
      expect(count('end') === 1).toBe(state.at === 'ended');
      if (count('end') === 1) expect(said.at(-1)).toBe('end');
      secured += count('tell_secured');
    }),
    { numRuns: 2000 },
  );
  expect(secured).toBeGreaterThan(250);
});
