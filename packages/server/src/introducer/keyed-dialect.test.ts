import { SIGNAL_ERRORS } from '@earshot/protocol';
import { describe, expect, test } from 'vitest';
import { newDevice, newPerson } from '../stage/device.ts';
import { createStage } from '../stage/stage.ts';

const attempt = 'abcdefghijklmnop';
const keyOf = ({ identity: { person, device } }: ReturnType<typeof newDevice>) => ({ person, device });

describe('the keyed dialect', () => {
  const company = async () => {
    const stage = createStage();
    const person = newPerson();
    const [phone, laptop, annDevice] = [person.newDevice(), person.newDevice(), newDevice()];
    const onPhone = await stage.keyed('kim', phone);
    const onLaptop = await stage.keyed('kim', laptop);
    const ann = await stage.keyed('Ann', annDevice);
    const bob = stage.plain('bob');
    for (const actor of [onPhone, onLaptop, ann, bob]) actor.heard.length = 0;
    return { stage, phone, laptop, annDevice, onPhone, onLaptop, ann, bob };
  };

  test('a look-up tells the key of the newest device', async () => {
    const { ann, laptop } = await company();
    for (const target of ['kim', 'bob', 'nobody']) ann.send({ type: 'start_transfer', target });
    expect(ann.news()).toEqual([
      { type: 'transfer_response', data: 'kim', target: 'kim', key: keyOf(laptop) },
      { type: 'transfer_response', data: 'bob', target: 'bob' },
      { type: 'transfer_response', data: null, target: 'nobody' },
    ]);
  });

  test('who is away and who never was look the same', async () => {
    const { stage, ann } = await company();
    const away = await stage.keyed('away', newDevice());
    away.drop();
    const ask = (target: string): string[] => {
      ann.heard.length = 0;
      ann.send({ type: 'start_transfer', target });
      ann.send({ type: 'create_offer', target, attempt, data: { sdp: 'x' } });
      ann.send({ type: 'create_offer', target, device: newDevice().identity.device, attempt, data: { sdp: 'x' } });
      ann.send({ type: 'ice_candidate', target, attempt, data: { sdpCandidate: 'x' } });
      ann.send({ type: 'cancel', target, attempt });
      return ann.heard.map((text) => text.replaceAll(target, 'them'));
    };
    expect(ask('away')).toEqual(ask('never'));
    expect(ann.heard).toHaveLength(3);
  });

  test('receivers see who sent it, as authenticated', async () => {
    const { ann, annDevice, onLaptop, onPhone, laptop } = await company();
    const key = keyOf(annDevice);
    ann.send({ type: 'create_offer', name: 'bob', target: 'kim', attempt, key: keyOf(laptop), data: { sdp: 'x' } });
    ann.send({ type: 'ice_candidate', target: 'kim', attempt, data: { sdpCandidate: 'c' } });
    ann.send({ type: 'cancel', target: 'kim', attempt });
    onLaptop.send({ type: 'create_answer', target: 'ann', device: key.device, attempt, data: { sdp: 'y' } });
    onLaptop.send({ type: 'decline', target: 'ann', device: key.device, attempt });
    expect(onLaptop.news()).toEqual([
      { type: 'offer_received', name: 'Ann', data: 'x', key, attempt },
      { type: 'ice_candidate', name: 'Ann', data: { sdpCandidate: 'c' }, key, attempt },
      { type: 'cancelled', name: 'Ann', key, attempt },
    ]);
    expect(ann.news()).toEqual([
      { type: 'answer_received', name: 'kim', data: 'y', key: keyOf(laptop), attempt },
      { type: 'declined', name: 'kim', key: keyOf(laptop), attempt },
    ]);
    expect(onPhone.heard).toEqual([]);
  });

  test('one device can be addressed, and only that one gets it', async () => {
    const { ann, onPhone, onLaptop, phone } = await company();
    ann.send({ type: 'create_offer', target: 'kim', device: phone.identity.device, data: { sdp: 'x' } });
    expect(onPhone.heard).toHaveLength(1);
    onPhone.drop();
    ann.send({ type: 'create_offer', target: 'kim', device: phone.identity.device, attempt, data: { sdp: 'x' } });
    expect(onLaptop.heard).toEqual([]);
    expect(ann.news()).toEqual([
      {
        type: 'error',
        data: { code: 'target_unavailable', message: SIGNAL_ERRORS.target_unavailable, target: 'kim', attempt },
      },
    ]);
  });

  test('a plain client is never taken for a device', async () => {
    const { ann, bob, phone } = await company();
    ann.send({ type: 'create_offer', target: 'bob', device: phone.identity.device, data: { sdp: 'x' } });
    expect(bob.heard).toEqual([]);
    expect(ann.news()).toMatchObject([{ data: { code: 'target_unavailable' } }]);
  });

  test('a plain sender has no key', async () => {
    const { bob, onLaptop } = await company();
    bob.send({ type: 'create_offer', target: 'kim', key: { person: 'x' }, data: { sdp: 'x' } });
    expect(onLaptop.news()).toEqual([{ type: 'offer_received', name: 'bob', data: 'x' }]);
  });

  test('servers for connectivity come after registration and again before they end', async () => {
    let lists = 0;
    const servers = [{ urls: ['turn:t.example'], username: 'u', credential: 'c' }];
    const stage = createStage({
      iceServers: (now) => {
        lists++;
        return { servers, expires: now + 60_000 };
      },
    });
    const kim = await stage.keyed('kim', newDevice());
    expect(kim.messages.at(-1)).toEqual({
      type: 'ice_servers',
      data: { servers, expires: stage.clock.now() + 60_000 },
    });
    stage.clock.pass(95_000);
    expect(lists).toBe(4);
    kim.drop();
    stage.clock.pass(1_000_000);
    expect(lists).toBe(4);
    stage.plain('bob');
    expect(lists).toBe(4);
  });

  test('without any, the list is empty', async () => {
    const kim = await createStage().keyed('kim', newDevice());
    expect(kim.messages.at(-1)).toEqual({ type: 'ice_servers', data: { servers: [], expires: null } });
  });
});
