import { meet } from '../people/meeting.ts';
import { test } from '../people/people.ts';
import { ServerProcess } from '../server/server-process.ts';
import { pause } from '../until.ts';

/** How long the server stays away, ms. `OUTAGE_MS=60000` for the long form. */
const OUTAGE_MS = Number(process.env['OUTAGE_MS'] ?? 4_000);
const SPEAK_EVERY_MS = 1_000;

test('the server dies while two people talk, and they talk on', async ({ people }) => {
  test.setTimeout(60_000 + 2 * OUTAGE_MS);
  const server = await ServerProcess.start();
  try {
    const ann = await people.arrive('Ann', { url: server.url });
    const bob = await people.arrive('Bob', { url: server.url });
    await meet(ann, bob);
    await server.kill();

    const texts: string[] = [];
    for (let spoken = 0; spoken * SPEAK_EVERY_MS < OUTAGE_MS; spoken++) {
      const [from, to] = spoken % 2 === 0 ? [ann, bob] : [bob, ann];
      const text = `Message ${spoken}`;
      texts.push(text);
      await from.send(text);
      await to.seesMessage(text);
      await from.seesState(text, 'Delivered');
      await pause(SPEAK_EVERY_MS);
    }
    await ann.seesLine('Direct');

    await server.start();
    await ann.reads(/You can be reached/);
    await bob.reads(/You can be reached/);
    await ann.send('It is back');
    await bob.hasExactly(...texts, 'It is back');

    // And a line that breaks now finds its way again.
    await bob.reload();
    await bob.open(ann.name);
    await bob.seesLine('Direct');
    await ann.send('So are you');
    await ann.seesState('So are you', 'Delivered');
    await bob.hasExactly(...texts, 'It is back', 'So are you');
  } finally {
    await server.close();
  }
});

test('what is written while nobody can be reached waits, and goes out by itself', async ({ people }) => {
  const server = await ServerProcess.start();
  try {
    const ann = await people.arriveInChromium('Ann', { url: server.url });
    const bob = await people.arriveInChromium('Bob', { url: server.url });
    await meet(ann, bob);
    await server.kill();
    await bob.screen.page.goto('about:blank');
    await ann.seesLine('Offline');
    await ann.send('Into the dark');
    await ann.seesState('Into the dark', 'Queued');
    await server.start();
    await bob.screen.goto(server.url);
    await bob.isIn();
    await bob.open(ann.name);
    await bob.hasExactly('Into the dark');
    await ann.seesState('Into the dark', 'Delivered');
  } finally {
    await server.close();
  }
});
