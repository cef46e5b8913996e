import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { machineAddresses, ownHosts } from './own-hosts.ts';

describe('whether a server goes by a name', () => {
  const machine = ownHosts([]);
  const address = machineAddresses().find((at) => !at.includes(':')) ?? '127.0.0.1';

  test.each([
    'localhost',
    'localhost:3000',
    'LOCALHOST:1',
    '127.0.0.1:3000',
    '[::1]:3000',
    `${address}:80`,
    hostname(),
  ])('of its own accord: %s', (authority) => expect(machine(authority)).toBe(true));

  test.each([
    '',
    'evil.example',
    'localhost.evil.example',
    'localhost:x',
    'a@localhost',
    '::1',
    'localhost/',
    '192.0.2.254',
  ])('never: %s', (authority) => expect(machine(authority)).toBe(false));

  test.each([
    ['chat.example.org', true],
    ['Chat.Example.org:443', true],
    ['chat.example.org:80', false],
    ['10.0.0.5:3000', true],
    ['10.0.0.5', false],
    ['localhost:3000', false],
  ])('with public addresses: %s %s', (authority, own) => {
    const publicly = ownHosts([new URL('https://chat.example.org'), new URL('http://10.0.0.5:3000')]);
    expect(publicly(authority)).toBe(own);
  });
});
