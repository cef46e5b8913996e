import type { Name, ServerMessage } from '@earshot/protocol';
import { describe, expect, test } from 'vitest';
import { type Link, type LinkEvent, RECONNECT_MAX_MS, stepLink } from './link.ts';

const name = 'Ada' as Name;
const nonce = new Uint8Array(16);
const dialling: Link = { state: 'dialling', name, tries: 0, connection: 1 };
const claiming: Link = { ...dialling, state: 'claiming' };
const here: Link = { state: 'here', name, connection: 1, iceServers: [], heard: 'lately', tries: 1 };
const asked: Link = { ...here, heard: 'asked', tries: 0 };
const lasting: Link = { ...here, tries: 0 };
const waiting: Link = { state: 'waiting', name, tries: 3, connection: 1 };
const says = (message: ServerMessage, connection = 1): LinkEvent => ({ type: 'message', message, connection });
const error = (code: 'claim_invalid' | 'rate_limited' | 'target_unavailable'): LinkEvent =>
  says({ type: 'error', data: { code, message: '' } });

describe('the way of the link', () => {
  const table: [string, Link, LinkEvent, Partial<Link>, string[]][] = [
    ['a name: dials', { state: 'idle' }, { type: 'named', name }, dialling, ['hang_up', 'dial', 'timer']],
    [
      'another name: a connection of its own',
      here,
      { type: 'named', name },
      { state: 'dialling', connection: 2 },
      ['hang_up', 'dial', 'timer'],
    ],
    ['challenged: claims', dialling, says({ type: 'challenge', data: { nonce } }), claiming, ['claim', 'timer']],
    ['challenged again: claims once', claiming, says({ type: 'challenge', data: { nonce } }), claiming, []],
    ['stored: is here', claiming, says({ type: 'user_stored', data: name }), here, ['timer']],
    ['stored without a claim: nothing', dialling, says({ type: 'user_stored', data: name }), dialling, []],
    [
      'taken: stops',
      claiming,
      says({ type: 'user_already_exists', data: name }),
      { state: 'refused', reason: 'name_taken' },
      ['hang_up', 'no_timer'],
    ],
    [
      'claim refused: stops',
      claiming,
      error('claim_invalid'),
      { state: 'refused', reason: 'claim_invalid' },
      ['hang_up', 'no_timer'],
    ],
    ['refused for now: waits', claiming, error('rate_limited'), { state: 'waiting', tries: 1 }, ['hang_up', 'timer']],
    ['an error about a message: to the engine', here, error('target_unavailable'), here, ['deliver']],
    ['no answer: waits', claiming, { type: 'timer' }, { state: 'waiting', tries: 1 }, ['hang_up', 'timer']],
    ['waited: dials', waiting, { type: 'timer' }, { state: 'dialling', tries: 3, connection: 2 }, ['dial', 'timer']],
    [
      'the network is back: dials at once',
      waiting,
      { type: 'network_changed' },
      { state: 'dialling', tries: 0 },
      ['dial', 'timer'],
    ],
    [
      'closed after it has lasted: dials at once',
      lasting,
      { type: 'closed', connection: 1 },
      { state: 'dialling', connection: 2 },
      ['dial', 'timer'],
    ],
    [
      'let in and closed: waits, and longer each time',
      { ...here, tries: 3 },
      { type: 'closed', connection: 1 },
      { state: 'waiting', tries: 3 },
      ['hang_up', 'timer'],
    ],
    ['an old connection closes: nothing', here, { type: 'closed', connection: 0 }, here, []],
    ['an old connection speaks: nothing', here, says({ type: 'user_stored', data: name }, 0), here, []],
    ['quiet: asks', here, { type: 'timer' }, asked, ['ping', 'timer']],
    ['heard: content', asked, says({ type: 'pong' }), lasting, ['timer']],
    [
      'no pong: another connection',
      asked,
      { type: 'timer' },
      { state: 'dialling', connection: 2 },
      ['hang_up', 'dial', 'timer'],
    ],
    ['the network changed: asks now', here, { type: 'network_changed' }, asked, ['ping', 'timer']],
  ];

  test.each(table)('%s', (_, link, event, expected, effects) => {
    const step = stepLink(link, event);
    expect(step.link).toMatchObject(expected);
    expect(step.effects.map(({ type }) => type)).toEqual(effects);
  });

  test('waits grow up to a bound and begin anew after a success', () => {
    let link: Link = dialling;
    const waits: number[] = [];
    for (let i = 0; i < 10; i++) {
      const failed = stepLink(link, { type: 'timer' });
      for (const effect of failed.effects) if (effect.type === 'timer') waits.push(effect.ms);
      link = stepLink(failed.link, { type: 'timer' }).link;
    }
    expect(waits.slice(0, 3)).toEqual([250, 500, 1000]);
    expect(Math.max(...waits)).toBe(RECONNECT_MAX_MS);
  });
});
