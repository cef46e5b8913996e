import type { BrowserContext, ElementHandle, KeyInput, Page } from 'puppeteer-core';
import { until } from '../until.ts';
import type { Role, Screen } from './screen.ts';

/** A page of Firefox, driven over WebDriver BiDi. Closing it closes its context. */
export class FirefoxScreen implements Screen {
  readonly #context: BrowserContext;
  readonly #page: Page;

  constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.#page = page;
  }

  async goto(url: string): Promise<void> {
    await this.#page.goto(url, { waitUntil: 'domcontentloaded' });
  }

  async reload(): Promise<void> {
    await this.#page.reload({ waitUntil: 'domcontentloaded' });
  }

  async click(role: Role, name: string): Promise<void> {
    const found = await this.#one(role, name);
    await found.click();
  }

  async fill(role: Role, name: string, text: string): Promise<void> {
    const found = await this.#one(role, name);
    await found.evaluate((field) => {
      if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.select();
    });
    await found.type(text);
  }

  async press(key: string): Promise<void> {
    const keys = key.split('+') as KeyInput[];
    for (const held of keys.slice(0, -1)) await this.#page.keyboard.down(held);
    for (const pressed of keys.slice(-1)) await this.#page.keyboard.press(pressed);
    for (const held of keys.slice(0, -1)) await this.#page.keyboard.up(held);
  }

  async shows(role: Role, name?: string): Promise<boolean> {
    for (const found of await this.#page.$$(selector(role, name))) {
      if (await found.isVisible()) return true;
    }
    return false;
  }

  evaluate<Argument, Answer>(look: (argument: Argument) => Answer, argument: Argument): Promise<Answer> {
    const run = this.#page.evaluate as (fn: typeof look, arg: Argument) => Promise<Answer>;
    return run.call(this.#page, look, argument);
  }

  /** From outside: what Puppeteer waits with inside a page, the app's policy forbids. */
  async until<Argument>(look: (argument: Argument) => boolean, argument: Argument, maxMs: number): Promise<void> {
    await until('what was looked for', () => this.evaluate(look, argument).catch(() => false), maxMs);
  }

  close(): Promise<void> {
    return this.#context.close();
  }

  #one(role: Role, name: string): Promise<ElementHandle> {
    return until(`${role} “${name}” shows`, async () => {
      for (const found of await this.#page.$$(selector(role, name))) if (await found.isVisible()) return found;
      return undefined;
    });
  }
}

const selector = (role: Role, name?: string): string =>
  name === undefined ? `::-p-aria([role="${role}"])` : `::-p-aria([name="${name}"][role="${role}"])`;
