import type { BrowserContext, KeyInput, Page } from 'puppeteer-core';
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

  click(role: Role, name: string): Promise<void> {
    return this.#page.locator(selector(role, name)).click();
  }

  fill(role: Role, name: string, text: string): Promise<void> {
    return this.#page.locator(selector(role, name)).fill(text);
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

  close(): Promise<void> {
    return this.#context.close();
  }
}

const selector = (role: Role, name?: string): string =>
  name === undefined ? `::-p-aria([role="${role}"])` : `::-p-aria([name="${name}"][role="${role}"])`;
