import { CLIENT_SCHEMAS, SIGNAL_FRAME_MAX_BYTES } from '@earshot/protocol';
import { describe, expect, test } from 'vitest';
import { newDevice } from '../stage/device.ts';
import { type Actor, createStage, settled } from '../stage/stage.ts';

const codes = (actor: Actor): string[] =>
  actor.messages.flatMap((message) => (message.type === 'error' ? [message.data.code] : []));

describe('bad input', () => {
  test.each([
    ['nothing', '', 'not_json'],
    ['not JSON', '{"type":', 'not_json'],
    ['null', 'null', 'not_json'],
    ['a list', '[]', 'not_json'],
    ['a number', '7', 'not_json'],
    ['no type', '{}', 'unknown_type'],
    ['a type of another kind', '{"type":7}', 'unknown_type'],
    ['an inherited type', '{"type":"constructor"}', 'unknown_type'],
    ['an unknown type', '{"type":"shout"}', 'unknown_type'],
    ['an offer without data', '{"type":"create_offer","target":"bob"}', 'invalid'],
    ['an offer that is an object', '{"type":"create_offer","target":"bob","data":{"sdp":{}}}', 'invalid'],
    ['an answer of nothing', '{"type":"create_answer","target":"bob","data":{"sdp":""}}', 'invalid'],
    ['a decline of no attempt', '{"type":"decline","target":"bob"}', 'invalid'],
    [
      'a candidate at a negative line',
      '{"type":"ice_candidate","target":"bob","data":{"sdpMLineIndex":-1,"sdpCandidate":""}}',
      'invalid',
    ],
    ['no name', '{"type":"store_user"}', 'name_invalid'],
    ['an invisible name', '{"type":"store_user","name":"\u200b"}', 'name_invalid'],
    ['no target', '{"type":"start_transfer"}', 'name_invalid'],
    ['too deep', '['.repeat(30_000), 'not_json'],
    ['too large', ' '.repeat(SIGNAL_FRAME_MAX_BYTES + 1), 'too_large'],
  ])('%s', (_, text, code) => {
    const stage = createStage();
    const ann = stage.plain('ann');
    const bob = stage.plain('bob');
    ann.send(text);
    expect(codes(ann)).toEqual([code]);
    ann.send({ type: 'ping' });
    expect(ann.messages.at(-1)).toEqual({ type: 'pong' });
    expect(bob.heard).toHaveLength(1);
  });

  test('binary and oversized frames are answered, too', () => {
    const ann = createStage().plain('ann');
    ann.sendUnreadable('not_json');
    ann.sendUnreadable('too_large');
    expect(codes(ann)).toEqual(['not_json', 'too_large']);
  });

  test('nobody without a name is passed on', () => {
    const stage = createStage();
    const bob = stage.plain('bob');
    const nobody = stage.dial();
    const needName = Object.keys(CLIENT_SCHEMAS).filter((type) => type !== 'store_user' && type !== 'ping');
    for (const type of needName) {
      const data = type === 'ice_candidate' ? { sdpCandidate: 'c' } : { sdp: 'x' };
      nobody.send({ type, target: 'bob', attempt: 'a'.repeat(16), data });
    }
    expect(codes(nobody)).toEqual(needName.map(() => 'not_registered'));
    expect(bob.heard).toHaveLength(1);
  });
});

describe('limits', () => {
  test('messages: a burst, then a rate; said once, and again after it recovered', () => {
    const stage = createStage({ limits: { messageBurst: 10, messagesPerSecond: 2 } });
    const ann = stage.plain('ann');
    for (let i = 0; i < 20; i++) ann.send({ type: 'ping' });
    expect(ann.messages.filter(({ type }) => type === 'pong')).toHaveLength(9);
    expect(codes(ann)).toEqual(['rate_limited']);
    stage.clock.pass(1000);
    ann.heard.length = 0;
    for (let i = 0; i < 5; i++) ann.send({ type: 'ping' });
    expect(ann.messages.map(({ type }) => type)).toEqual(['pong', 'pong', 'error']);
  });

  test('large messages count for more', () => {
    const stage = createStage({ limits: { messageBurst: 11, messagesPerSecond: 1 } });
    const ann = stage.plain('ann');
    const bob = stage.plain('bob');
    const offer = { type: 'create_offer', target: 'bob', data: { sdp: 'x'.repeat(4096) } };
    for (let i = 0; i < 3; i++) ann.send(offer);
    expect(bob.heard).toHaveLength(3);
    expect(codes(ann)).toEqual(['rate_limited']);
  });

  test('who never stops is closed', () => {
    const stage = createStage({ limits: { messageBurst: 10, messagesPerSecond: 1, messagesDroppedMax: 100 } });
    const ann = stage.plain('ann');
    for (let i = 0; i < 200; i++) ann.sendUnreadable('not_json');
    expect(ann.closed).toBe(1008);
    expect(stage.introducer.present).toBe(0);
  });

  test('connections of one address', () => {
    const stage = createStage({ limits: { connectionsPerAddress: 2 } });
    const [first] = [stage.dial(), stage.dial()];
    const third = stage.dial({ keyed: true });
    expect(codes(third)).toEqual(['too_many_connections']);
    expect(third.closed).toBe(1013);
    third.send({ type: 'ping' });
    third.drop();
    expect(stage.dial({ address: '192.0.2.2' }).closed).toBeNull();
    first?.drop();
    expect(stage.dial().closed).toBeNull();
    expect(stage.dial().closed).toBe(1013);
  });

  test('registrations of one address, across its connections', async () => {
    const stage = createStage({ limits: { registrationBurst: 3, registrationsPerMinute: 6 } });
    for (const name of ['a', 'b', 'c']) stage.plain(name).drop();
    stage.clock.pass(9_000);
    expect(codes(stage.plain('d'))).toEqual(['rate_limited']);
    expect(codes(await stage.keyed('e', newDevice()))).toEqual(['rate_limited']);
    const elsewhere = stage.dial({ address: '192.0.2.2' });
    elsewhere.send({ type: 'store_user', name: 'd' });
    expect(codes(elsewhere)).toEqual([]);
    stage.clock.pass(1_000);
    expect(codes(stage.plain('f'))).toEqual([]);
  });

  test('time without a name', async () => {
    const stage = createStage({ limits: { registerWithinMs: 5_000 } });
    const silent = stage.dial();
    const failing = stage.dial({ keyed: true });
    await failing.claim('kim', newDevice(), 'elsewhere');
    const ann = stage.plain('ann');
    stage.clock.pass(5_000);
    expect([silent.closed, failing.closed, ann.closed]).toEqual([1008, 1008, null]);
  });
});

describe('the end', () => {
  test('everybody is told, and no timer is left', async () => {
    const stage = createStage({ iceServers: (now) => ({ servers: [], expires: now + 1000 }) });
    const everybody = [
      stage.dial(),
      stage.dial({ keyed: true }),
      stage.plain('ann'),
      await stage.keyed('kim', newDevice()),
    ];
    stage.introducer.close();
    stage.introducer.close();
    for (const actor of everybody) {
      expect(codes(actor)).toEqual(['shutting_down']);
      expect(actor.closed).toBe(1012);
    }
    await settled();
    expect(stage.clock.waiting).toBe(0);
  });

  test('a crowd that comes and goes leaves nothing but its holds', async () => {
    const stage = createStage();
    const idle = stage.clock.waiting;
    for (let i = 0; i < 300; i++) {
      stage.plain(`p${i % 7}`).drop();
      if (i % 10 === 0) (await stage.keyed(`k${i}`, newDevice())).drop();
    }
    await settled();
    expect([stage.introducer.present, stage.clock.waiting, stage.holds.size]).toEqual([0, idle, 30]);
  });
});
