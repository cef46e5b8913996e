import { resolve } from 'node:path';
import { ICE_SERVER_TEXT_MAX_LENGTH, ICE_SERVERS_MAX } from '@earshot/protocol';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';

/** A setting that can't be meant, in words for whoever wrote it. */
export class SettingError extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

const PORT_MAX = 65_535;
const HOLD_DAYS_MAX = 3_650;
const ICE_URL = { STUN_URLS: /^stuns?:[^\s/]+$/, TURN_URLS: /^turns?:[^\s/]+$/ } as const;

/** Reads the settings of a process; an empty variable counts as absent. Throws {@link SettingError}. */
export const settingsFrom = (environment: Environment): Settings => {
  const text = (name: string): string => environment[name]?.trim() ?? '';
  const turnUrls = iceUrls('TURN_URLS', text('TURN_URLS'));
  const turnSecret = text('TURN_SECRET');
  if (turnUrls.length > 0 && turnSecret === '') {
    throw new SettingError('TURN_URLS needs TURN_SECRET, the static-auth-secret of the TURN server.');
  }
  if (turnUrls.length === 0 && turnSecret !== '') throw new SettingError('TURN_SECRET is of no use without TURN_URLS.');
  return {
    port: whole('PORT', text('PORT'), DEFAULT_SETTINGS.port, 0, PORT_MAX),
    dataDir: resolve(text('DATA_DIR') || '.data'),
    publicUrls: list(text('PUBLIC_URL')).map(publicUrl),
    plainClients: onOff('PLAIN_CLIENTS', text('PLAIN_CLIENTS'), true) ? 'admitted' : 'refused',
    holdDays: whole('HOLD_DAYS', text('HOLD_DAYS'), DEFAULT_SETTINGS.holdDays, 0, HOLD_DAYS_MAX),
    proxy: onOff('TRUST_PROXY', text('TRUST_PROXY'), false) ? 'trusted' : 'none',
    stunUrls: iceUrls('STUN_URLS', text('STUN_URLS')),
    turnUrls,
    turnSecret,
    limits: {
      ...DEFAULT_SETTINGS.limits,
      connectionsPerAddress: whole(
        'CONNECTIONS_PER_ADDRESS',
        text('CONNECTIONS_PER_ADDRESS'),
        DEFAULT_SETTINGS.limits.connectionsPerAddress,
        1,
        1_000_000,
      ),
      registrationsPerMinute: whole(
        'REGISTRATIONS_PER_MINUTE',
        text('REGISTRATIONS_PER_MINUTE'),
        DEFAULT_SETTINGS.limits.registrationsPerMinute,
        1,
        1_000_000,
      ),
    },
  };
};

const list = (text: string): readonly string[] => text.split(/[\s,]+/).filter((item) => item !== '');

const whole = (name: string, text: string, usual: number, min: number, max: number): number => {
  if (text === '') return usual;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new SettingError(`${name} must be a whole number from ${min} to ${max}; it is "${text}".`);
};

const onOff = (name: string, text: string, usual: boolean): boolean => {
  if (text === '') return usual;
  if (text === 'on') return true;
  if (text === 'off') return false;
  throw new SettingError(`${name} must be on or off; it is "${text}".`);
};

const publicUrl = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new SettingError(
      `PUBLIC_URL must be one or more addresses like https://chat.example.org; "${text}" is none.`,
    );
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new SettingError(`PUBLIC_URL must end with the host, for the app lives at the root: "${text}" goes on.`);
  }
  return url;
};

const iceUrls = (name: keyof typeof ICE_URL, text: string): readonly string[] => {
  const urls = list(text);
  const wrong = urls.find((url) => !ICE_URL[name].test(url) || url.length > ICE_SERVER_TEXT_MAX_LENGTH);
  if (wrong !== undefined) {
    const example = name === 'STUN_URLS' ? 'stun:turn.example.org:3478' : 'turn:turn.example.org:3478?transport=udp';
    throw new SettingError(`${name} must be one or more addresses like ${example}; "${wrong}" is none.`);
  }
  if (urls.length > ICE_SERVERS_MAX) throw new SettingError(`${name} may name at most ${ICE_SERVERS_MAX} addresses.`);
  return urls;
};
