import { type Browser, expect, type Page } from '@playwright/test';
import { ChromiumScreen } from '../people/chromium-screen.ts';
import { meet } from '../people/meeting.ts';
import { wholeHistory } from '../people/messages.ts';
import { unique } from '../people/people.ts';
import { Person } from '../people/person.ts';
import { until } from '../until.ts';
import { CrashingBrowser } from './crashing-browser.ts';

/** The kill comes at a random moment in the first so many ms of writing. */
const KILL_WITHIN_MS = 1_500;
const SIZE = { width: 1_000, height: 1_600 };
/** A round's longest wait: a browser starts, a connection is made anew. ms. */
const BACK_MAX_MS = 45_000;

export interface CrashFigures {
  readonly rounds: number;
  /** Messages that were shown as queued or delivered before a kill, and are there. */
  readonly shown: number;
  /** Of these, those that the other side had not when the kill came. */
  readonly waiting: number;
}

/** What somebody's page has shown with a word for its state, told out of the browser at the moment it shows. */
const tellWhatShows = async (page: Page, shown: Map<string, string>): Promise<void> => {
  await page.exposeFunction('tellShown', (text: string, state: string) => shown.set(text, state));
  await page.addInitScript(() => {
    const told = new Map<string, string>();
    const look = (): void => {
      for (const article of document.querySelectorAll('[role="log"] article')) {
        const text = article.querySelector('[dir="auto"]')?.textContent ?? '';
        const state = article.querySelector('[data-state]')?.textContent;
        if (!state || told.get(text) === state) continue;
        told.set(text, state);
        void (window as unknown as { tellShown(text: string, state: string): Promise<void> }).tellShown(text, state);
      }
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  });
};

/** Types and sends as fast as the app takes it, until the browser is gone. */
const writeUntilGone = async (page: Page, round: number): Promise<void> => {
  try {
    for (let message = 0; ; message++) {
      await page.getByRole('textbox', { name: 'Message' }).pressSequentially(`r${round} m${message}`);
      await page.keyboard.press('Enter');
    }
  } catch {
    // It was killed: that was the point.
  }
};

const textsOf = async (person: Person<ChromiumScreen>): Promise<readonly string[]> =>
  (await person.screen.page.evaluate(wholeHistory)).map(({ text }) => text);

const expectOnce = (texts: readonly string[], wanted: Iterable<string>, where: string): void => {
  for (const text of wanted) expect(texts.filter((at) => at === text).length, `“${text}” ${where}`).toBe(1);
  expect(texts.length, `doubled messages ${where}`).toBe(new Set(texts).size);
};

/** One pair of people, one of whom has a browser that is killed while she types and sends, `rounds` times. */
export const crashWhileWriting = async (
  browser: Browser,
  url: string,
  rounds: number,
  finished: (round: number) => void = () => undefined,
): Promise<CrashFigures> => {
  const partner = await browser.newContext({ viewport: SIZE });
  const bob = new Person(unique('Bob'), new ChromiumScreen(await partner.newPage()));
  await bob.start(url);
  const crashing = await CrashingBrowser.create();
  const name = unique('Ann');
  const shown = new Map<string, string>();
  let waiting = 0;
  const comeBack = async (): Promise<Person<ChromiumScreen>> => {
    const page = await crashing.start(SIZE);
    await tellWhatShows(page, shown);
    return new Person(name, new ChromiumScreen(page));
  };
  try {
    let ann = await comeBack();
    await ann.start(url);
    await meet(ann, bob);
    for (let round = 0; round < rounds; round++) {
      const writing = writeUntilGone(ann.screen.page, round);
      await until('she has begun to write', () => [...shown.keys()].some((text) => text.startsWith(`r${round} `)));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * KILL_WITHIN_MS));
      await crashing.kill();
      await writing;
      waiting += [...shown.values()].filter((state) => state === 'Queued').length;

      ann = await comeBack();
      await ann.screen.goto(url);
      await ann.isIn();
      await ann.open(bob.name);
      const last = [...shown.keys()].at(-1) ?? '';
      await ann.seesMessage(last);
      const back = await textsOf(ann);
      expectOnce(back, shown.keys(), 'after the crash');
      await ann.seesLine('Direct', BACK_MAX_MS);
      await ann.seesState(last, 'Delivered', BACK_MAX_MS);
      await until(
        'all of it is at the other side',
        async () => (await textsOf(bob)).length >= back.length,
        BACK_MAX_MS,
      );
      const there = await textsOf(bob);
      expectOnce(there, back, 'at the other side');
      expect(there, 'the order at the other side').toEqual(await textsOf(ann));
      finished(round);
    }
    return { rounds, shown: shown.size, waiting };
  } finally {
    await crashing.close();
    await partner.close();
  }
};
