import { randomBytes } from 'node:crypto';
import { type Browser, test as base } from '@playwright/test';
import type { Browser as Firefox } from 'puppeteer-core';
import { ServerProcess } from '../server/server-process.ts';
import { CHROMIUM, CHROMIUM_LAUNCH, FIREFOX, launchFirefox } from './browsers.ts';
import { ChromiumScreen } from './chromium-screen.ts';
import { FirefoxScreen } from './firefox-screen.ts';
import { Person } from './person.ts';
import type { Screen } from './screen.ts';

export interface PersonOptions {
  /** Which browser; Chromium without it. */
  readonly browser?: 'chromium' | 'firefox';
  /** Another address of the app than the test's server. */
  readonly url?: string;
  /** Whether to stop before the first visit: the page isn't opened. */
  readonly away?: boolean;
  /** Not in Firefox. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Not in Firefox. */
  readonly theme?: 'light' | 'dark';
}

/** Whom a test invites. */
export interface People {
  /** A new person with a device of their own; their name gets an ending that no other test has. */
  arrive(name: string, options?: PersonOptions): Promise<Person>;
  /** A person of Playwright's, for what only it can do. */
  arriveInChromium(name: string, options?: PersonOptions): Promise<Person<ChromiumScreen>>;
}

/** Tall enough that the log shows every message of a test at once. */
export const TALL = { width: 1_000, height: 2_400 } as const;

/** A name that no other test uses: the server holds names for days. */
export const unique = (name: string): string => `${name} ${randomBytes(3).toString('hex')}`;

interface WorkerFixtures {
  /** The server of this worker. A test that harms it starts one of its own. */
  readonly server: ServerProcess;
  /** Each is launched when the first test asks for it; a test that asks where there is none is skipped. */
  readonly chromiumBrowser: () => Promise<Browser>;
  readonly firefoxBrowser: () => Promise<Firefox>;
}

export const test = base.extend<{ readonly people: People }, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await ServerProcess.start();
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],
  chromiumBrowser: [
    async ({ playwright }, use) => {
      let launched: Promise<Browser> | undefined;
      await use(() => {
        test.skip(CHROMIUM === undefined, 'Chromium is missing');
        return (launched ??= playwright.chromium.launch(CHROMIUM_LAUNCH));
      });
      await (await launched)?.close();
    },
    { scope: 'worker' },
  ],
  firefoxBrowser: [
    async ({}, use) => {
      let launched: Promise<Firefox> | undefined;
      await use(() => {
        test.skip(FIREFOX === undefined, 'Firefox is missing');
        return (launched ??= launchFirefox(TALL.width, TALL.height));
      });
      await (await launched)?.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  people: async ({ chromiumBrowser, firefoxBrowser, server }, use) => {
    const present: Person[] = [];
    const enter = async <Kind extends Screen>(name: string, screen: Kind, { away, url }: PersonOptions) => {
      const person = new Person(unique(name), screen);
      present.push(person);
      if (away !== true) await person.start(url ?? server.url);
      return person;
    };
    const arriveInChromium = async (name: string, options: PersonOptions = {}) =>
      enter(name, await chromiumScreen(await chromiumBrowser(), options), options);
    const arriveInFirefox = async (name: string, options: PersonOptions) =>
      enter(name, await firefoxScreen(await firefoxBrowser()), options);
    await use({
      arriveInChromium,
      arrive: (name, options = {}) =>
        options.browser === 'firefox' ? arriveInFirefox(name, options) : arriveInChromium(name, options),
    });
    await Promise.all(present.map((person) => person.close().catch(() => undefined)));
  },
});

const chromiumScreen = async (browser: Browser, { size, theme }: PersonOptions): Promise<ChromiumScreen> => {
  const context = await browser.newContext({ viewport: size ?? TALL, colorScheme: theme ?? 'light' });
  return new ChromiumScreen(await context.newPage());
};

const firefoxScreen = async (browser: Firefox): Promise<FirefoxScreen> => {
  const context = await browser.createBrowserContext();
  return new FirefoxScreen(context, await context.newPage());
};
