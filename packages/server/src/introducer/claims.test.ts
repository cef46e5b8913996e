import { describe, expect, test } from 'vitest';
import { type Device, newDevice, newPerson } from '../stage/device.ts';
import { type Actor, createStage, settled } from '../stage/stage.ts';

const last = (actor: Actor): unknown => actor.news().at(-1);
const stored = (actor: Actor): boolean => actor.messages.some(({ type }) => type === 'user_stored');

describe('a claim', () => {
  const kim = newDevice();
  const other = newDevice();
  const mixed: Device = {
    ...kim,
    claim: (name, nonce, host) => ({
      ...kim.claim(name, nonce, host),
      key: { ...kim.identity, certificate: other.identity.certificate },
    }),
  };
  const signedByAnother: Device = {
    ...kim,
    claim: (name, nonce, host) => ({
      ...kim.claim(name, nonce, host),
      signature: other.claim(name, nonce, host).signature,
    }),
  };
  const forAnotherName: Device = { ...kim, claim: (_, nonce, host) => kim.claim('eve', nonce, host) };
  const replayed: Device = { ...kim, claim: (name, _, host) => kim.claim(name, new Uint8Array(16).fill(99), host) };

  test.each([
    ['true', kim, 'localhost:3000', 'user_stored'],
    ['signed for another server', kim, 'evil.example', 'claim_invalid'],
    ['signed by another device', signedByAnother, 'localhost:3000', 'claim_invalid'],
    ['with the certificate of another', mixed, 'localhost:3000', 'claim_invalid'],
    ['for another name', forAnotherName, 'localhost:3000', 'claim_invalid'],
    ['of another connection', replayed, 'localhost:3000', 'claim_invalid'],
  ])('%s', async (_, device, host, outcome) => {
    const actor = createStage().dial({ keyed: true });
    await actor.claim('kim', device, host);
    const [, answer] = actor.messages;
    expect(answer?.type === 'error' ? answer.data.code : answer?.type).toBe(outcome);
  });

  test('by a name of ours alone', async () => {
    const actor = createStage().dial({ keyed: true, host: null });
    await actor.claim('kim', kim, '');
    expect(last(actor)).toMatchObject({ data: { code: 'claim_invalid' } });
  });

  test('is what a keyed connection needs, and a plain one cannot make', () => {
    const stage = createStage();
    const keyed = stage.dial({ keyed: true });
    keyed.send({ type: 'store_user', name: 'kim' });
    expect(last(keyed)).toMatchObject({ data: { code: 'claim_invalid' } });
    const plain = stage.dial();
    plain.send({ type: 'store_user', name: 'kim', data: kim.claim('kim', new Uint8Array(16)) });
    expect(last(plain)).toMatchObject({ data: { code: 'claim_invalid' } });
    expect(stage.introducer.present).toBe(0);
  });

  test('challenges differ', () => {
    const stage = createStage();
    expect(stage.dial({ keyed: true }).nonce).not.toEqual(stage.dial({ keyed: true }).nonce);
  });

  test('what comes while it is verified waits, in order', async () => {
    const stage = createStage();
    stage.plain('bob');
    const actor = stage.dial({ keyed: true });
    actor.send({ type: 'store_user', name: 'kim', data: kim.claim('kim', actor.nonce) });
    actor.send({ type: 'start_transfer', target: 'bob' });
    actor.send({ type: 'store_user', name: 'kim 2', data: kim.claim('kim 2', actor.nonce) });
    actor.send({ type: 'start_transfer', target: 'kim' });
    actor.send({ type: 'ping' });
    expect(actor.heard).toHaveLength(1);
    await settled();
    expect(actor.messages.map(({ type }) => type)).toEqual([
      'challenge',
      'user_stored',
      'ice_servers',
      'transfer_response',
      'user_stored',
      'ice_servers',
      'transfer_response',
      'pong',
    ]);
    expect(actor.messages[6]).toMatchObject({ data: null, target: 'kim' });
  });

  test('what waits is bounded', async () => {
    const stage = createStage({ limits: { waitingMessages: 3, waitingLength: 1000 } });
    const actor = stage.dial({ keyed: true });
    actor.send({ type: 'store_user', name: 'kim', data: kim.claim('kim', actor.nonce) });
    for (let i = 0; i < 5; i++) actor.send({ type: 'ping' });
    expect(actor.messages.filter(({ type }) => type === 'error')).toHaveLength(1);
    await settled();
    expect(actor.messages.filter(({ type }) => type === 'pong')).toHaveLength(3);
    actor.send({ type: 'store_user', name: 'kim', data: kim.claim('kim', actor.nonce) });
    actor.send(' '.repeat(1001));
    expect(last(actor)).toMatchObject({ data: { code: 'rate_limited' } });
  });

  test('a connection that goes meanwhile leaves nothing behind', async () => {
    const stage = createStage();
    const actor = stage.dial({ keyed: true });
    actor.send({ type: 'store_user', name: 'kim', data: kim.claim('kim', actor.nonce) });
    actor.drop();
    await settled();
    expect(stage.introducer.present).toBe(0);
    expect(actor.heard).toHaveLength(1);
  });

  test('a verification that fails to work ends its connection alone', async () => {
    const stage = createStage({ verify: () => Promise.reject(new Error('broken')) });
    const bob = stage.plain('bob');
    const actor = stage.dial({ keyed: true });
    await actor.claim('kim', kim);
    expect(actor.closed).toBe(1011);
    bob.send({ type: 'ping' });
    expect(last(bob)).toEqual({ type: 'pong' });
  });
});

describe('a name', () => {
  test('belongs to the person: another key is refused, present or not', async () => {
    const stage = createStage();
    const kim = await stage.keyed('Kim', newDevice());
    const rival = await stage.keyed('kim', newDevice());
    expect(last(rival)).toEqual({ type: 'user_already_exists', data: 'kim' });
    kim.drop();
    const later = await stage.keyed('KIM', newDevice());
    expect(last(later)).toEqual({ type: 'user_already_exists', data: 'KIM' });
    const plain = stage.plain('kim');
    expect(plain.news()).toEqual([{ type: 'user_already_exists', data: 'kim' }]);
  });

  test('is taken back at once from its own dead connection', async () => {
    const stage = createStage();
    const device = newDevice();
    const dead = await stage.keyed('kim', device);
    const back = await stage.keyed('kim', device);
    expect(stored(back)).toBe(true);
    expect(dead.closed).toBe(4000);
    expect(stage.introducer.present).toBe(1);
    dead.drop();
    const bob = stage.plain('bob');
    bob.send({ type: 'create_offer', target: 'kim', data: { sdp: 'x' } });
    expect(last(back)).toMatchObject({ type: 'offer_received', name: 'bob' });
  });

  test('is shared by the devices of a person', async () => {
    const stage = createStage({ limits: { devicesPerName: 2 } });
    const person = newPerson();
    const [first, second, third] = [person.newDevice(), person.newDevice(), person.newDevice()];
    const a = await stage.keyed('kim', first);
    const b = await stage.keyed('kim', second);
    expect([stored(a), stored(b), a.closed]).toEqual([true, true, null]);
    await stage.keyed('kim', third);
    expect([a.closed, b.closed]).toEqual([4000, null]);
  });

  test('is free for another after the hold', async () => {
    const stage = createStage();
    const kim = await stage.keyed('kim', newDevice());
    const day = 24 * 60 * 60 * 1000;
    stage.clock.pass(40 * day);
    expect(stored(await stage.keyed('kim', newDevice()))).toBe(false);
    kim.drop();
    stage.clock.pass(29 * day);
    expect(stored(await stage.keyed('kim', newDevice()))).toBe(false);
    stage.clock.pass(2 * day);
    expect(stored(await stage.keyed('kim', newDevice()))).toBe(true);
  });

  test('that a plain client has now is not for a key, and not held when it goes', async () => {
    const stage = createStage();
    const plain = stage.plain('kim');
    expect(stored(await stage.keyed('kim', newDevice()))).toBe(false);
    plain.drop();
    expect(stored(await stage.keyed('kim', newDevice()))).toBe(true);
  });

  test('given up for another is free', async () => {
    const stage = createStage();
    const device = newDevice();
    const kim = await stage.keyed('kim', device);
    await kim.claim('kimberly', device);
    expect(stored(await stage.keyed('kim', newDevice()))).toBe(true);
    expect(stored(await stage.keyed('kimberly', newDevice()))).toBe(false);
    const bob = stage.plain('bob');
    kim.send({ type: 'ice_candidate', target: 'bob', data: { sdpCandidate: 'c' } });
    expect(last(bob)).toMatchObject({ name: 'kimberly' });
  });

  test('given up by one device stays with the others', async () => {
    const stage = createStage();
    const person = newPerson();
    const device = person.newDevice();
    const a = await stage.keyed('kim', device);
    const b = await stage.keyed('kim', person.newDevice());
    await a.claim('kimberly', device);
    b.drop();
    expect(stored(await stage.keyed('kim', newDevice()))).toBe(false);
  });

  test('is kept where another was asked for in vain', async () => {
    const stage = createStage();
    const device = newDevice();
    stage.plain('bob');
    const kim = await stage.keyed('kim', device);
    await kim.claim('bob', device);
    expect(last(kim)).toEqual({ type: 'user_already_exists', data: 'bob' });
    kim.send({ type: 'start_transfer', target: 'kim' });
    expect(last(kim)).toMatchObject({ data: 'kim', key: { device: device.identity.device } });
  });

  test('and its connection stay with one key', async () => {
    const stage = createStage();
    const kim = await stage.keyed('kim', newDevice());
    await kim.claim('kimberly', newDevice());
    expect(last(kim)).toMatchObject({ data: { code: 'already_registered' } });
  });

  test('two keys claim at one moment: one has it', async () => {
    const stage = createStage();
    const [a, b] = [stage.dial({ keyed: true }), stage.dial({ keyed: true })];
    await Promise.all([a.claim('kim', newDevice()), b.claim('kim', newDevice())]);
    expect([stored(a), stored(b)].filter(Boolean)).toHaveLength(1);
  });

  test("that cannot be stored is its owner's only while they are here", async () => {
    const stage = createStage({ limits: { holds: 1 } });
    await stage.keyed('kim', newDevice());
    const ann = await stage.keyed('ann', newDevice());
    expect(stored(ann)).toBe(true);
    expect(stored(await stage.keyed('ann', newDevice()))).toBe(false);
    ann.drop();
    expect(stored(await stage.keyed('ann', newDevice()))).toBe(true);
  });

  test('is stored although the disk is full, and the log says so', async () => {
    const broken = {
      size: 0,
      get: () => undefined,
      put: () => Promise.reject(new Error('full')),
      delete: () => Promise.reject(new Error('full')),
      sweep: () => Promise.reject(new Error('full')),
    };
    const stage = createStage({ holds: broken });
    const kim = await stage.keyed('kim', newDevice());
    expect(stored(kim)).toBe(true);
    expect(stage.events.map(({ event }) => event)).toContain('hold_not_stored');
    stage.clock.pass(7 * 60 * 60 * 1000);
    await settled();
  });
});
