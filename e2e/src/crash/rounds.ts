import { type Browser, expect, type Page } from '@playwright/test';
import { ChromiumScreen } from '../people/chromium-screen.ts';
import { meet } from '../people/meeting.ts';
import { type ShownMessage, wholeHistory } from '../people/messages.ts';
import { unique } from '../people/people.ts';
import { Person } from '../people/person.ts';
import { pause, until } from '../until.ts';
import { CrashingBrowser } from './crashing-browser.ts';

/** The kill comes at a random moment in the first so many ms of writing. */
const KILL_WITHIN_MS = 1_500;
const SIZE = { width: 1_000, height: 1_600 };
/** A round's longest wait: a browser starts, a connection is made anew. ms. */
const BACK_MAX_MS = 45_000;

export interface CrashFigures {
  readonly rounds: number;
  /** Messages that either was shown before a kill, and that both have in the end. */
  readonly shown: number;
  /** Of the killed one's, those that weren't delivered yet when the kill came. */
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

/** Types and sends as fast as the app takes it, until `stop` says so or the browser is gone. */
const write = async (page: Page, prefix: string, stop: { readonly asked: boolean }): Promise<void> => {
  try {
    for (let message = 0; !stop.asked; message++) {
      await page.getByRole('textbox', { name: 'Message' }).pressSequentially(`${prefix} m${message}`);
      await page.keyboard.press('Enter');
    }
  } catch {
    // It was killed: that was the point.
  }
};

const historyOf = (person: Person<ChromiumScreen>): Promise<readonly ShownMessage[]> =>
  person.screen.page.evaluate(wholeHistory);

const textOf = ({ text }: ShownMessage): string => text;

const textsOf = async (person: Person<ChromiumScreen>): Promise<readonly string[]> =>
  (await historyOf(person)).map(textOf);

const expectOnce = (texts: readonly string[], wanted: Iterable<string>, where: string): void => {
  for (const text of wanted) expect(texts.filter((at) => at === text).length, `“${text}” ${where}`).toBe(1);
  expect(texts.length, `doubled messages ${where}`).toBe(new Set(texts).size);
};

const delivered = (shown: ReadonlyMap<string, string>): readonly string[] =>
  [...shown].filter(([, state]) => state === 'Delivered').map(([text]) => text);

/** Ann, whose browser is killed, and Bob, whose isn't, with everything that either was shown of their own messages. */
class CrashingPair {
  readonly bob: Person<ChromiumScreen>;
  readonly #name = unique('Ann');
  readonly #crashing: CrashingBrowser;
  readonly #url: string;
  #ann: Person<ChromiumScreen> | undefined;
  readonly shownToAnn = new Map<string, string>();
  readonly shownToBob = new Map<string, string>();
  waiting = 0;

  constructor(crashing: CrashingBrowser, bob: Person<ChromiumScreen>, url: string) {
    this.#crashing = crashing;
    this.bob = bob;
    this.#url = url;
  }

  async begin(): Promise<void> {
    await tellWhatShows(this.bob.screen.page, this.shownToBob);
    await this.bob.start(this.#url);
    const ann = await this.#annComes();
    await ann.start(this.#url);
    await meet(ann, this.bob);
  }

  async round(round: number): Promise<void> {
    const ann = this.#ann ?? (await this.#annComes());
    const stop = { asked: false };
    const writing = [write(ann.screen.page, `a${round}`, stop), write(this.bob.screen.page, `b${round}`, stop)];
    await until('Ann has begun to write', () =>
      [...this.shownToAnn.keys()].some((text) => text.startsWith(`a${round} `)),
    );
    await pause(Math.random() * KILL_WITHIN_MS);
    await this.#crashing.kill();
    stop.asked = true;
    await Promise.all(writing);
    this.waiting += this.shownToAnn.size - delivered(this.shownToAnn).length;
    await this.#comeBack();
  }

  async #comeBack(): Promise<void> {
    const promised = [...this.shownToAnn.keys(), ...delivered(this.shownToBob)];
    const ann = await this.#annComes();
    await ann.screen.goto(this.#url);
    await ann.isIn();
    await ann.open(this.bob.name);
    // The log opens when the store has been read; what was promised is in it then.
    await ann.seesMessage([...this.shownToAnn.keys()].at(-1) ?? '');
    expectOnce(await textsOf(ann), promised, 'after the crash');

    await Promise.all([ann.seesLine('Direct', BACK_MAX_MS), this.bob.seesLine('Direct', BACK_MAX_MS)]);
    await until('both have everything', () => this.#agree(ann), BACK_MAX_MS);
    expectOnce(await textsOf(this.bob), [...this.shownToAnn.keys(), ...this.shownToBob.keys()], 'in the end');
  }

  /** The same messages in the same order on both sides, and each side knows that the other has its own. */
  async #agree(ann: Person<ChromiumScreen>): Promise<boolean> {
    const [hers, his] = [await historyOf(ann), await historyOf(this.bob)];
    const settled = [...hers, ...his].every(({ state }) => state === null || state === 'Delivered');
    return settled && JSON.stringify(hers.map(textOf)) === JSON.stringify(his.map(textOf));
  }

  async #annComes(): Promise<Person<ChromiumScreen>> {
    const page = await this.#crashing.start(SIZE);
    await tellWhatShows(page, this.shownToAnn);
    this.#ann = new Person(this.#name, new ChromiumScreen(page));
    return this.#ann;
  }
}

/** One pair of people, one of whom has a browser that is killed while both type and send, `rounds` times. */
export const crashWhileWriting = async (
  browser: Browser,
  url: string,
  rounds: number,
  finished: (round: number) => void = () => undefined,
): Promise<CrashFigures> => {
  const context = await browser.newContext({ viewport: SIZE });
  const crashing = await CrashingBrowser.create();
  try {
    const bob = new Person(unique('Bob'), new ChromiumScreen(await context.newPage()));
    const pair = new CrashingPair(crashing, bob, url);
    await pair.begin();
    for (let round = 0; round < rounds; round++) {
      await pair.round(round);
      finished(round);
    }
    return { rounds, shown: pair.shownToAnn.size + pair.shownToBob.size, waiting: pair.waiting };
  } finally {
    await crashing.close();
    await context.close();
  }
};
