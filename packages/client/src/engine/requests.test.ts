import {
  type AttemptId,
  CANDIDATES_MAX,
  DECISION_MAX_MS,
  type DeviceId,
  type Key,
  type Name,
  type PersonId,
  REQUESTS_MAX,
} from '@earshot/protocol';
import { expect, test } from 'vitest';
import { createVirtualClock } from '../memory/clock.ts';
import { Requests } from './requests.ts';

const name = 'Ada' as Name;
const key = (id: string): Key => ({ person: `p${id}` as PersonId, device: `d${id}` as DeviceId });
const attempt = (id: string): AttemptId => id as AttemptId;
const candidate = { sdpCandidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };
const make = (): { clock: ReturnType<typeof createVirtualClock>; requests: Requests } => {
  const clock = createVirtualClock();
  return { clock, requests: new Requests(clock, () => undefined) };
};

test('a caller has one request, and its newest offer is the one that is answered', () => {
  const { requests } = make();
  requests.add({ name, key: key('1'), attempt: attempt('a'), sdp: 'old' }, null);
  requests.add({ name, key: key('1'), attempt: attempt('b'), sdp: 'new' }, null);
  expect(requests.list()).toHaveLength(1);
  const [request] = requests.list();
  expect(requests.take(request?.id ?? '')).toMatchObject({ attempt: 'b', sdp: 'new' });
  expect(requests.list()).toEqual([]);
});

test('candidates wait with their offer, also when it is said again, and are bounded', () => {
  const { requests } = make();
  const offer = { name, key: key('1'), attempt: attempt('a'), sdp: 'x' };
  requests.add(offer, null);
  for (let i = 0; i < CANDIDATES_MAX + 10; i++) expect(requests.candidate(name, attempt('a'), candidate)).toBe(true);
  requests.add(offer, null);
  expect(requests.candidate(name, attempt('other'), candidate)).toBe(false);
  expect(requests.take(requests.list()[0]?.id ?? '')?.candidates).toHaveLength(CANDIDATES_MAX);
});

test('nobody cancels the request of somebody else', () => {
  const { requests } = make();
  requests.add({ name, key: key('1'), attempt: attempt('a'), sdp: 'x' }, null);
  requests.cancelled('Eve' as Name, attempt('a'));
  expect(requests.list()).toHaveLength(1);
  requests.cancelled(name, attempt('a'));
  expect(requests.list()).toEqual([]);
});

test('a request ends by itself, and a repeated offer begins its time anew', () => {
  const { clock, requests } = make();
  const offer = { name, key: key('1'), attempt: attempt('a'), sdp: 'x' };
  requests.add(offer, null);
  clock.advance(DECISION_MAX_MS - 1);
  requests.add(offer, null);
  clock.advance(DECISION_MAX_MS - 1);
  expect(requests.list()).toHaveLength(1);
  clock.advance(1);
  expect(requests.list()).toEqual([]);
});

test('there are never more requests than a person could look at', () => {
  const { requests } = make();
  for (let i = 0; i < REQUESTS_MAX + 5; i++)
    requests.add({ name, key: key(`${i}`), attempt: attempt(`${i}`), sdp: 'x' }, null);
  expect(requests.list()).toHaveLength(REQUESTS_MAX);
});

test('a plain caller is known by its name alone', () => {
  const { requests } = make();
  requests.add({ name, key: null, attempt: null, sdp: 'x' }, 'name_has_another_key');
  expect(requests.list()).toMatchObject([{ name, person: null, warning: 'name_has_another_key' }]);
  expect(requests.candidate(name, null, candidate)).toBe(true);
});
