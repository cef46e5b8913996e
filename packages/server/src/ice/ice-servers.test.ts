import { createHmac } from 'node:crypto';
import { encodeSignal, parseServerMessage } from '@earshot/protocol';
import { expect, test } from 'vitest';
import { CREDENTIALS_MS, iceServersFrom } from './ice-servers.ts';

const NOW = Date.UTC(2030, 0, 1);

test('none of its own accord', () => {
  expect(iceServersFrom({ stunUrls: [], turnUrls: [], turnSecret: '' })(NOW)).toEqual({ servers: [], expires: null });
});

test('credentials that the relay can check, for an hour at most, new each time', () => {
  const from = iceServersFrom({ stunUrls: ['stun:a.example'], turnUrls: ['turn:a.example'], turnSecret: 'secret' });
  const { servers, expires } = from(NOW);
  const [stun, turn] = servers;
  expect(stun).toEqual({ urls: ['stun:a.example'] });
  expect(expires).toBe(NOW + CREDENTIALS_MS);
  expect(CREDENTIALS_MS).toBeLessThanOrEqual(3_600_000);
  const username = turn?.username ?? '';
  expect(Number(username.split(':')[0]) * 1000).toBe(expires);
  expect(turn?.credential).toBe(createHmac('sha1', 'secret').update(username).digest('base64'));
  expect(from(NOW).servers[1]?.username).not.toBe(username);
  const frame = encodeSignal({ type: 'ice_servers', data: { servers: [...servers], expires } });
  expect(parseServerMessage(frame).ok).toBe(true);
});
