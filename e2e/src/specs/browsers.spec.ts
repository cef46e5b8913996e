import { NodePerson } from '../node-person/node-person.ts';
import { endNodeRtc } from '../node-rtc.ts';
import { meet } from '../people/meeting.ts';
import { test, unique } from '../people/people.ts';
import type { Person } from '../people/person.ts';

/** Firefox takes seconds to start. ms. */
const FIREFOX_TEST_MAX_MS = 120_000;

test.afterAll(() => endNodeRtc());

const talk = async (a: Person, b: Person): Promise<void> => {
  await a.send('There');
  await b.seesMessage('There');
  await a.seesState('There', 'Delivered');
  await b.send('and back');
  await a.seesMessage('and back');
  await b.seesState('and back', 'Delivered');
};

test.describe('Chromium and Firefox', () => {
  // One Firefox, not one in each worker.
  test.describe.configure({ mode: 'serial', timeout: FIREFOX_TEST_MAX_MS });

  test('Chromium calls Firefox', async ({ people }) => {
    const ann = await people.arrive('Ann');
    const bob = await people.arrive('Bob', { browser: 'firefox' });
    await meet(ann, bob);
    await talk(ann, bob);
  });

  test('Firefox calls Chromium, and a reload of Firefox changes nothing', async ({ people }) => {
    const ann = await people.arrive('Ann', { browser: 'firefox' });
    const bob = await people.arrive('Bob');
    await meet(ann, bob);
    await talk(ann, bob);
    await ann.reload();
    await ann.open(bob.name);
    await ann.hasExactly('There', 'and back');
    await ann.seesLine('Direct');
  });

  test('Firefox calls Firefox', async ({ people }) => {
    const ann = await people.arrive('Ann', { browser: 'firefox' });
    const bob = await people.arrive('Bob', { browser: 'firefox' });
    await meet(ann, bob);
    await talk(ann, bob);
  });
});

test('the engine in Node calls Chromium', async ({ people, server }) => {
  const ann = await NodePerson.arrive(server.url, unique('Ann'));
  const bob = await people.arrive('Bob');
  await ann.connect(bob.name);
  await bob.accept(ann.name);
  await bob.seesLine('Direct');
  await bob.send('To Node');
  await ann.sees(bob.name, 'To Node');
  await bob.seesState('To Node', 'Delivered');
  await ann.send(bob.name, 'From Node');
  await bob.seesMessage('From Node');
  await ann.close();
});

test('Chromium calls the engine in Node', async ({ people, server }) => {
  const ann = await people.arrive('Ann');
  const bob = await NodePerson.arrive(server.url, unique('Bob'));
  await ann.connect(bob.name);
  await bob.accept(ann.name);
  await ann.seesLine('Direct');
  await ann.send('To Node');
  await ann.seesState('To Node', 'Delivered');
  await bob.sees(ann.name, 'To Node');
  await bob.close();
});
