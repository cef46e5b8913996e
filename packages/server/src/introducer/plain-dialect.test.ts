import { SIGNAL_ERRORS } from '@earshot/protocol';
import { describe, expect, test } from 'vitest';
import { newDevice } from '../stage/device.ts';
import { createStage } from '../stage/stage.ts';

const SDP = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns="quoted" \\ ünï\r\n';
/** As Gson writes it: upper case, numbers as doubles, no nulls. */
const OFFER = `{"type":"create_offer","name":"ann","target":"bob","data":{"sdp":${JSON.stringify(SDP)},"type":"OFFER"}}`;

describe('the original dialect, byte for byte', () => {
  const pair = () => {
    const stage = createStage();
    const ann = stage.plain('ann');
    const bob = stage.plain('bob');
    ann.heard.length = 0;
    bob.heard.length = 0;
    return { stage, ann, bob };
  };

  test('a name is stored', () => {
    const ann = createStage().plain('ann');
    expect(ann.heard).toEqual(['{"type":"user_stored","data":"ann"}']);
  });

  test('a name that another live connection has is refused, and free when that closes', () => {
    const { stage, ann } = pair();
    const other = stage.plain('ann');
    expect(other.heard).toEqual(['{"type":"user_already_exists","data":"ann"}']);
    ann.drop();
    other.send('{"type":"store_user","name":"ann"}');
    expect(other.heard[1]).toBe('{"type":"user_stored","data":"ann"}');
  });

  test('its own name again is stored again; another is refused', () => {
    const { ann } = pair();
    ann.send({ type: 'store_user', name: 'ann' });
    ann.send({ type: 'store_user', name: 'anna' });
    expect(ann.heard[0]).toBe('{"type":"user_stored","data":"ann"}');
    expect(ann.news()[1]).toMatchObject({ type: 'error', data: { code: 'already_registered' } });
  });

  test('a look-up tells who is here, and says null for who is not', () => {
    const { ann } = pair();
    ann.send({ type: 'start_transfer', name: 'ann', target: 'bob' });
    ann.send({ type: 'start_transfer', name: 'ann', target: 'eve' });
    expect(ann.heard).toEqual([
      '{"type":"transfer_response","data":"bob"}',
      '{"type":"transfer_response","data":null}',
    ]);
  });

  test('an offer and an answer arrive as the bare description', () => {
    const { ann, bob } = pair();
    ann.send(OFFER);
    bob.send({ type: 'create_answer', name: 'bob', target: 'ann', data: { sdp: SDP, type: 'ANSWER' } });
    expect(bob.heard).toEqual([`{"type":"offer_received","name":"ann","data":${JSON.stringify(SDP)}}`]);
    expect(ann.heard).toEqual([`{"type":"answer_received","name":"bob","data":${JSON.stringify(SDP)}}`]);
  });

  test('a candidate arrives as it was, with doubles as the numbers that they are', () => {
    const { ann, bob } = pair();
    ann.send(
      '{"type":"ice_candidate","name":"ann","target":"bob","data":{"sdpMLineIndex":0.0,"sdpMid":"0","sdpCandidate":"candidate:1"}}',
    );
    expect(bob.heard).toEqual([
      '{"type":"ice_candidate","name":"ann","data":{"sdpMLineIndex":0,"sdpMid":"0","sdpCandidate":"candidate:1"}}',
    ]);
  });

  test('what is validated is what is passed on, also where JSON says a thing twice', () => {
    const { ann, bob } = pair();
    ann.send(
      '{"type":"create_offer","data":{"sdp":"first"},"target":"eve","target":"bob","data":{"sdp":7,"sdp":"last","more":1}}',
    );
    expect(bob.heard).toEqual(['{"type":"offer_received","name":"ann","data":"last"}']);
  });

  test('nobody speaks as another', () => {
    const { stage, ann, bob } = pair();
    const eve = stage.plain('eve');
    eve.send(OFFER);
    eve.send({
      type: 'ice_candidate',
      name: 'ann',
      target: 'bob',
      data: { sdpCandidate: 'c' },
      key: {},
      attempt: 'a'.repeat(16),
    });
    expect(bob.news()).toEqual([
      { type: 'offer_received', name: 'eve', data: SDP },
      { type: 'ice_candidate', name: 'eve', data: { sdpCandidate: 'c' } },
    ]);
    expect(ann.heard).toEqual([]);
  });

  test('names that read alike are one; each is called as it typed', () => {
    const { stage, bob } = pair();
    const zoe = stage.plain('  Zoe\u0308 ');
    expect(zoe.heard).toEqual(['{"type":"user_stored","data":"Zoë"}']);
    bob.send({ type: 'start_transfer', target: 'ZOË' });
    bob.send({ type: 'create_offer', target: 'zoë', data: { sdp: 'x' } });
    expect(bob.heard).toEqual(['{"type":"transfer_response","data":"ZOË"}']);
    expect(zoe.heard[1]).toBe('{"type":"offer_received","name":"bob","data":"x"}');
  });

  test('an offer to nobody is said to be one; other messages to nobody end in silence', () => {
    const { ann } = pair();
    ann.send({ type: 'create_offer', target: 'eve', data: { sdp: 'x' } });
    ann.send({ type: 'create_answer', target: 'eve', data: { sdp: 'x' } });
    ann.send({ type: 'ice_candidate', target: 'eve', data: { sdpCandidate: 'c' } });
    expect(ann.news()).toEqual([
      { type: 'error', data: { code: 'target_unavailable', message: SIGNAL_ERRORS.target_unavailable, target: 'eve' } },
    ]);
  });

  test('nothing of the keyed dialect reaches a plain client', async () => {
    const { stage, bob } = pair();
    const kim = await stage.keyed('kim', newDevice());
    const attempt = 'a'.repeat(16);
    kim.send({ type: 'create_offer', target: 'bob', attempt, data: { sdp: 'x' } });
    kim.send({ type: 'cancel', target: 'bob', attempt });
    kim.send({ type: 'decline', target: 'bob', attempt });
    expect(bob.heard).toEqual(['{"type":"offer_received","name":"kim","data":"x"}']);
  });

  test('where plain clients are refused they are told, and closed', () => {
    const stage = createStage({ plainClients: 'refused' });
    const ann = stage.plain('ann');
    expect(ann.messages).toMatchObject([{ type: 'error', data: { code: 'plain_refused' } }]);
    expect(ann.closed).toBe(1008);
    expect(stage.introducer.present).toBe(0);
  });
});
