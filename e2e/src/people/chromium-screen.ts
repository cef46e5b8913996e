import type { Page } from '@playwright/test';
import type { Role, Screen } from './screen.ts';

/** ms. */
const LOOK_EVERY_MS = 50;

/** A page of Playwright's Chromium. Closing it closes its context. */
export class ChromiumScreen implements Screen {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async goto(url: string): Promise<void> {
    await this.page.goto(url);
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  click(role: Role, name: string): Promise<void> {
    return this.#one(role, name).click();
  }

  fill(role: Role, name: string, text: string): Promise<void> {
    return this.#one(role, name).fill(text);
  }

  press(key: string): Promise<void> {
    return this.page.keyboard.press(key);
  }

  async shows(role: Role, name?: string): Promise<boolean> {
    return (await this.#all(role, name).filter({ visible: true }).count()) > 0;
  }

  evaluate<Argument, Answer>(look: (argument: Argument) => Answer, argument: Argument): Promise<Answer> {
    const run = this.page.evaluate as (fn: typeof look, arg: Argument) => Promise<Answer>;
    return run.call(this.page, look, argument);
  }

  async until<Argument>(look: (argument: Argument) => boolean, argument: Argument, maxMs: number): Promise<void> {
    const wait = this.page.waitForFunction as (
      fn: typeof look,
      arg: Argument,
      options: { readonly timeout: number; readonly polling: number },
    ) => Promise<unknown>;
    await wait.call(this.page, look, argument, { timeout: maxMs, polling: LOOK_EVERY_MS });
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  #all(role: Role, name?: string) {
    return this.page.getByRole(role, name === undefined ? {} : { name, exact: true });
  }

  #one(role: Role, name: string) {
    return this.#all(role, name).filter({ visible: true });
  }
}
