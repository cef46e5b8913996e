import { expect } from '@playwright/test';
import { WebSocket } from 'ws';
import { HostileServer, type Message } from '../hostile-server/hostile-server.ts';
import { ManInTheMiddle } from '../hostile-server/man-in-the-middle.ts';
import { impersonating, recordingOffers, secondFingerprint, swappedFingerprint } from '../hostile-server/tricks.ts';
import { endNodeRtc } from '../node-rtc.ts';
import { meet } from '../people/meeting.ts';
import { test as base } from '../people/people.ts';
import type { Person } from '../people/person.ts';
import { until } from '../until.ts';

/** The engine's own waits (an answer to the open channel, ms) pass before it says that there is no way. */
const ENGINE_GIVES_UP_MS = 45_000;

const test = base.extend<{ readonly hostile: HostileServer }>({
  hostile: async ({ server }, use) => {
    const hostile = await HostileServer.start(server.url);
    await use(hostile);
    await hostile.close();
  },
});

test.afterAll(() => endNodeRtc());
test.setTimeout(90_000);

/** Watches somebody's page until the end of the test: whatever appears even for a moment counts. */
const watch = async (person: Person): Promise<() => Promise<string>> => {
  await person.screen.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seenStatuses: seen });
    const look = () => {
      for (const at of document.querySelectorAll('[role="status"], [role="log"] [data-state]')) {
        const text = at.textContent ?? '';
        if (seen.at(-1) !== text) seen.push(text);
      }
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  }, undefined);
  return () =>
    person.screen.evaluate(() => (window as unknown as { seenStatuses: string[] }).seenStatuses.join(' | '), undefined);
};

const SAFE = /Direct|Relayed|Delivered/;

for (const { name, evil } of [
  { name: 'another fingerprint', evil: swappedFingerprint },
  { name: 'a second fingerprint line', evil: secondFingerprint },
]) {
  test(`a server that writes ${name} into descriptions gets no conversation`, async ({ people, hostile }) => {
    const ann = await people.arrive('Ann', { url: hostile.url });
    const bob = await people.arrive('Bob', { url: hostile.url });
    hostile.evil = evil();
    const seen = await Promise.all([watch(ann), watch(bob)]);
    await ann.connect(bob.name);
    await ann.send('A secret');
    await bob.accept(ann.name);
    await bob.reads(/couldn’t prove to be|is away/, ENGINE_GIVES_UP_MS);
    for (const statuses of seen) expect(await statuses()).not.toMatch(SAFE);
    await ann.seesState('A secret', 'Queued');
  });
}

test('a relaying man in the middle is told nothing, and both are warned', async ({ people, hostile }) => {
  const ann = await people.arrive('Ann', { url: hostile.url });
  const bob = await people.arrive('Bob', { url: hostile.url });
  const man = new ManInTheMiddle();
  hostile.evil = man;
  const seen = await Promise.all([watch(ann), watch(bob)]);
  await ann.connect(bob.name);
  await ann.send('A secret');
  await bob.accept(ann.name);
  await until('he relays the handshake', () => man.relayed > 0);
  await Promise.race([
    ann.reads(/couldn’t prove to be/, ENGINE_GIVES_UP_MS),
    bob.reads(/couldn’t prove to be/, ENGINE_GIVES_UP_MS),
  ]);
  for (const statuses of seen) expect(await statuses()).not.toMatch(SAFE);
  await ann.seesState('A secret', 'Queued');
  expect(await bob.messages()).toEqual([]);
  man.close();
});

test('an offer that is played again opens nothing', async ({ people, hostile }) => {
  const ann = await people.arrive('Ann', { url: hostile.url });
  const bob = await people.arrive('Bob', { url: hostile.url });
  const kept: Message[] = [];
  hostile.evil = recordingOffers(kept);
  await meet(ann, bob);
  await ann.send('Before');
  await ann.seesState('Before', 'Delivered');
  await ann.close();
  await bob.seesLine('Away');
  const seen = await watch(bob);
  const [offer] = kept;
  const victim = hostile.victims.find(({ name }) => name === bob.name);
  expect(offer).toBeDefined();
  if (offer) victim?.tell(offer);
  await bob.send('After');
  await bob.seesState('After', 'Queued');
  // What the engine makes of the offer, it makes within its own time for a connection.
  await until('Bob is away again', async () => (await bob.statuses()).includes('Away'), ENGINE_GIVES_UP_MS);
  expect(await seen()).not.toMatch(SAFE);
});

test('a server that claims another key for a known name is held off until the person decides', async ({
  people,
  hostile,
}) => {
  const ann = await people.arrive('Ann', { url: hostile.url });
  const bob = await people.arrive('Bob', { url: hostile.url });
  await meet(ann, bob);
  await ann.send('For Bob');
  await ann.seesState('For Bob', 'Delivered');
  const mallory = await people.arrive('Mallory', { url: hostile.url });
  await bob.close();
  await ann.seesLine('Away');
  hostile.evil = impersonating(bob.name, mallory.name);
  await ann.send('Only for Bob');
  await ann.reload();
  await ann.open(bob.name);
  await ann.reads(/Someone else now answers to the name/);
  await ann.seesState('Only for Bob', 'Queued');
  expect(await ann.statuses()).not.toMatch(/Direct|Relayed/);
  expect(await mallory.screen.shows('dialog')).toBe(false);
});

test('another web origin may not connect', async ({ server }) => {
  const dial = (origin: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(server.url.replace(/^http/, 'ws'), 'earshot.1', { origin });
      socket.on('open', () => {
        resolve('open');
        socket.close();
      });
      socket.on('unexpected-response', (_request, { statusCode }) => {
        resolve(String(statusCode));
        socket.terminate();
      });
      socket.on('error', (error) => resolve(error.message));
    });
  expect(await dial(new URL(server.url).origin)).toBe('open');
  expect(await dial('https://evil.example')).toBe('403');
});
