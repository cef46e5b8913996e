import type { ConversationKey } from '@earshot/client';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inviteLink, parseReached } from './invite.ts';
import { formatRoute, HOME, parseRoute, type Route } from './route.ts';

describe('an address', () => {
  it.each<[string, Route]>([
    ['', HOME],
    ['#', HOME],
    ['#/', HOME],
    ['#/settings', { at: 'settings' }],
    ['#/c/ab-_9', { at: 'conversation', key: 'ab-_9' as ConversationKey }],
    ['#/to/Bob', { at: 'to', name: 'Bob' }],
    ['#/to/Anna%20B%C3%B6ll', { at: 'to', name: 'Anna Böll' }],
    ['#/to/a%2Fb', { at: 'to', name: 'a/b' }],
    ['#/to/Böll', { at: 'to', name: 'Böll' }],
  ])('%s leads there', (hash, route) => expect(parseRoute(hash)).toEqual(route));

  it.each(['#/c/', '#/to/', '#/to', '#/settings/x', '#/elsewhere', '#settings', '#/to/%E0%A4%A', '#/C/x'])(
    '%s leads home',
    (hash) => expect(parseRoute(hash)).toEqual(HOME),
  );

  it('says the route that it was made of, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (name) => {
        expect(parseRoute(formatRoute({ at: 'to', name }))).toEqual({ at: 'to', name });
      }),
    );
  });
});

describe('what is written to reach someone', () => {
  const here = 'https://chat.example';

  it.each<[string, ReturnType<typeof parseReached>]>([
    ['Bob', { kind: 'name', name: 'Bob' }],
    ['  Bob ', { kind: 'name', name: 'Bob' }],
    ['https://chat.example/#/to/Bob', { kind: 'name', name: 'Bob' }],
    [' https://chat.example/#/to/Anna%20B ', { kind: 'name', name: 'Anna B' }],
    ['HTTPS://CHAT.EXAMPLE/#/to/Bob', { kind: 'name', name: 'Bob' }],
    ['https://chat.example:8443/#/to/Bob', { kind: 'elsewhere' }],
    ['http://chat.example/#/to/Bob', { kind: 'elsewhere' }],
    ['https://chat.example/#/settings', { kind: 'name', name: 'https://chat.example/#/settings' }],
    ['https://', { kind: 'name', name: 'https://' }],
  ])('%s', (text, reached) => expect(parseReached(text, here)).toEqual(reached));

  it('is understood where it is an invite link of this server', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (name) => {
        expect(parseReached(inviteLink(here, name), here)).toEqual({ kind: 'name', name });
      }),
    );
  });
});
