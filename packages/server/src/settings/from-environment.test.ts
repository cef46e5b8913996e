import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SettingError, settingsFrom } from './from-environment.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

describe('settings', () => {
  test('without any, or with empty ones: the defaults', () => {
    const defaults = { ...DEFAULT_SETTINGS, dataDir: resolve('.data') };
    expect(settingsFrom({})).toEqual(defaults);
    expect(settingsFrom({ PORT: '', PUBLIC_URL: ' ', TURN_URLS: '', PLAIN_CLIENTS: '' })).toEqual(defaults);
  });

  test.each([
    [{ PORT: '0' }, { port: 0 }],
    [{ DATA_DIR: '/srv/earshot' }, { dataDir: '/srv/earshot' }],
    [{ PLAIN_CLIENTS: 'off' }, { plainClients: 'refused' }],
    [{ PLAIN_CLIENTS: 'on' }, { plainClients: 'admitted' }],
    [{ HOLD_DAYS: '7' }, { holdDays: 7 }],
    [{ TRUST_PROXY: 'on' }, { proxy: 'trusted' }],
    [{ STUN_URLS: 'stun:a.example, stun:b.example:3478' }, { stunUrls: ['stun:a.example', 'stun:b.example:3478'] }],
    [
      { TURN_URLS: 'turns:a.example:443?transport=tcp', TURN_SECRET: 's' },
      { turnUrls: ['turns:a.example:443?transport=tcp'], turnSecret: 's' },
    ],
    [
      { PUBLIC_URL: 'https://chat.example.org http://10.0.0.5:3000/' },
      { publicUrls: [new URL('https://chat.example.org'), new URL('http://10.0.0.5:3000')] },
    ],
    [{ CONNECTIONS_PER_ADDRESS: '5' }, { limits: { ...DEFAULT_SETTINGS.limits, connectionsPerAddress: 5 } }],
    [{ REGISTRATIONS_PER_MINUTE: '5' }, { limits: { ...DEFAULT_SETTINGS.limits, registrationsPerMinute: 5 } }],
  ])('%j', (environment, expected) => {
    expect(settingsFrom(environment)).toMatchObject(expected);
  });

  test.each([
    [{ PORT: '70000' }, /PORT .*0 to 65535.*"70000"/],
    [{ PORT: '3000x' }, /PORT/],
    [{ PORT: '-1' }, /PORT/],
    [{ PLAIN_CLIENTS: 'no' }, /PLAIN_CLIENTS must be on or off/],
    [{ TRUST_PROXY: '1' }, /TRUST_PROXY must be on or off/],
    [{ HOLD_DAYS: 'a week' }, /HOLD_DAYS/],
    [{ PUBLIC_URL: 'chat.example.org' }, /PUBLIC_URL .*https:/],
    [{ PUBLIC_URL: 'ftp://chat.example.org' }, /PUBLIC_URL/],
    [{ PUBLIC_URL: 'https://chat.example.org/app' }, /must end with the host/],
    [{ STUN_URLS: 'turn:a.example' }, /STUN_URLS/],
    [{ TURN_URLS: 'https://a.example', TURN_SECRET: 's' }, /TURN_URLS/],
    [{ TURN_URLS: 'turn:a.example' }, /TURN_SECRET/],
    [{ TURN_SECRET: 's' }, /TURN_URLS/],
    [{ STUN_URLS: Array.from({ length: 17 }, (_, i) => `stun:${i}.example`).join() }, /at most 16/],
  ])('%j is refused in words', (environment, words) => {
    expect(() => settingsFrom(environment)).toThrow(SettingError);
    expect(() => settingsFrom(environment)).toThrow(words);
  });
});
