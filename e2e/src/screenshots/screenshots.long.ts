import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from '@playwright/test';
import { ChromiumScreen } from '../people/chromium-screen.ts';
import { LOOKS, SIZES, type SizeName, type Theme } from '../people/looks.ts';
import { test } from '../people/people.ts';
import { Person } from '../people/person.ts';
import { ServerProcess } from '../server/server-process.ts';

const FOLDER = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));

const arrive = async (browser: Browser, name: string, size: SizeName, theme: Theme) => {
  const context = await browser.newContext({
    viewport: SIZES[size],
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  return new Person(name, new ChromiumScreen(await context.newPage()));
};

const TALK: readonly (readonly ['Alice' | 'Bob', string])[] = [
  ['Alice', 'Hi Bob! Did the parcel come?'],
  ['Bob', 'This morning. It rattles a bit, should it?'],
  ['Alice', 'It should. Open it outside.'],
  ['Bob', 'Oh no.'],
  ['Bob', 'Glitter. Everywhere.'],
  ['Alice', 'Happy birthday! 😄\nThe rest is at https://example.org/second-parcel'],
  ['Bob', 'I’ll be sweeping until next year. Thank you!'],
];

/** One look: a server of its own, so that the names are always the same. */
const take = async (browser: Browser, size: SizeName, theme: Theme): Promise<void> => {
  const server = await ServerProcess.start();
  const alice = await arrive(browser, 'Alice', size, theme);
  const shot = async (name: string): Promise<void> => {
    await alice.screen.page.evaluate(() => document.fonts.ready);
    await alice.screen.page.screenshot({ path: `${FOLDER}${name}-${size}-${theme}.png`, caret: 'hide' });
  };
  const bob = await arrive(browser, 'Bob', size, theme);
  const carol = await arrive(browser, 'Carol', size, theme);
  try {
    await alice.screen.goto(server.url);
    await alice.screen.page.getByRole('textbox', { name: 'Your name' }).waitFor();
    await shot('first-visit');
    await Promise.all([alice.start(server.url), bob.start(server.url), carol.start(server.url)]);
    await alice.reads(/You can be reached/);
    await alice.connect('Bob');
    await bob.accept('Alice');
    await alice.seesLine('Direct');
    for (const [who, text] of TALK) {
      const [from, to] = who === 'Alice' ? [alice, bob] : [bob, alice];
      await from.send(text);
      await to.seesMessage(text);
      await from.seesState(text, 'Delivered');
    }
    await shot('conversation');
    await carol.connect('Alice');
    await alice.isAsked('Carol');
    await shot('request');
    await alice.accept('Carol');
    await alice.seesLine('Direct');
    await carol.send('See you on Thursday?');
    await alice.seesMessage('See you on Thursday?');
    await alice.screen.goto(server.url);
    await alice.isIn();
    await alice.reads(/You can be reached/);
    await alice.reads(/See you on Thursday/);
    await shot('home');
  } finally {
    await Promise.all([alice, bob, carol].map((person) => person.close()));
    await server.close();
  }
};

// `npm run -w e2e screenshots`: the pictures of the README, of the app as it is now.
for (const { size, theme } of LOOKS) {
  test(`screenshots: ${size}, ${theme}`, async ({ chromiumBrowser }) => {
    await mkdir(FOLDER, { recursive: true });
    await take(await chromiumBrowser(), size, theme);
  });
}
