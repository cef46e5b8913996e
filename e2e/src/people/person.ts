import { expect } from '@playwright/test';
import { until } from '../until.ts';
import { type ShownMessage, shownMessages } from './messages.ts';
import type { Screen } from './screen.ts';

export type LineWord = 'Connecting' | 'Direct' | 'Relayed' | 'Away' | 'Offline';
export type StateWord = 'Queued' | 'Sent' | 'Delivered';

/** Somebody in front of the app. Everything here goes by the accessible names that every language edition translates and none renames. */
export class Person<Kind extends Screen = Screen> {
  readonly name: string;
  readonly screen: Kind;

  constructor(name: string, screen: Kind) {
    this.name = name;
    this.screen = screen;
  }

  /** The first visit: a name, and in. */
  async start(url: string): Promise<void> {
    await this.screen.goto(url);
    await this.screen.fill('textbox', 'Your name', this.name);
    await this.screen.click('button', 'Start');
    await this.isIn();
  }

  /** Waits until the app shows its home or a conversation. */
  async isIn(): Promise<void> {
    await until(`${this.name} is in`, () => this.screen.shows('navigation', 'Conversations'));
  }

  async connect(name: string): Promise<void> {
    await this.screen.fill('textbox', 'Name or invite link', name);
    await this.screen.click('button', 'Connect');
  }

  async accept(from: string): Promise<void> {
    await this.#decide(from, 'Accept');
  }

  async decline(from: string): Promise<void> {
    await this.#decide(from, 'Decline');
  }

  async block(from: string): Promise<void> {
    await this.#decide(from, 'Block');
  }

  async #decide(from: string, button: 'Accept' | 'Decline' | 'Block'): Promise<void> {
    await this.isAsked(from);
    await this.screen.click('button', button);
  }

  /** Waits for the request of a caller. */
  async isAsked(from: string): Promise<void> {
    await until(`${this.name} is asked by ${from}`, () => this.screen.evaluate(dialogSays, from));
  }

  /** Opens the conversation with somebody, from wherever the app is. */
  async open(name: string): Promise<void> {
    if (await this.screen.shows('textbox', 'Message')) {
      if (await this.screen.evaluate(conversationIsWith, name)) return;
    }
    await until(`${this.name} opens the conversation with ${name}`, async () => {
      if (await this.screen.evaluate(followConversation, name)) return true;
      // On a phone the list is a screen of its own.
      await this.screen.evaluate(() => history.back(), undefined);
      return false;
    });
    await until(`the composer shows`, () => this.screen.shows('textbox', 'Message'));
  }

  /** Writes and sends with Enter, and waits until it shows. */
  async send(text: string): Promise<void> {
    await this.screen.fill('textbox', 'Message', text);
    await this.screen.press('Enter');
    await this.seesMessage(text);
  }

  async seesMessage(text: string): Promise<void> {
    await until(`${this.name} sees “${text}”`, async () =>
      (await this.messages()).some((shown) => shown.text === text),
    );
  }

  async seesState(text: string, state: StateWord, maxMs?: number): Promise<void> {
    let seen: readonly ShownMessage[] = [];
    const look = async () => {
      seen = (await this.messages()).filter((shown) => shown.text === text);
      return seen.some((shown) => shown.state === state);
    };
    await until(`${this.name} sees “${text}” as ${state}`, look, maxMs).catch((error: unknown) => {
      throw new Error(`${String(error)} (${JSON.stringify(seen)})`);
    });
  }

  /** What the log shows now, in its order. */
  messages(): Promise<readonly ShownMessage[]> {
    return this.screen.evaluate(shownMessages, undefined);
  }

  /** Texts of the log must be exactly these, in this order. */
  async hasExactly(...texts: readonly string[]): Promise<void> {
    await expect.poll(async () => (await this.messages()).map((shown) => shown.text)).toEqual(texts);
  }

  /** Waits until a status contains this word. */
  async seesLine(word: LineWord, maxMs?: number): Promise<void> {
    let seen = '';
    const look = async () => {
      seen = await this.statuses();
      return seen.includes(word);
    };
    await until(`${this.name} sees ${word}`, look, maxMs).catch((error: unknown) => {
      throw new Error(`${String(error)} (statuses: ${seen})`);
    });
  }

  /** The text of every status that shows. */
  statuses(): Promise<string> {
    return this.screen.evaluate(() => {
      const shown = [...document.querySelectorAll('[role="status"]')].filter((at) => at.checkVisibility());
      return shown.map((at) => `${at.getAttribute('aria-label') ?? ''} ${at.textContent}`).join(' | ');
    }, undefined);
  }

  /** Waits until some text stands anywhere on the page. */
  async reads(what: RegExp, maxMs?: number): Promise<void> {
    let text = '';
    const look = async () => {
      text = await this.text();
      return what.test(text);
    };
    await until(`${this.name} reads ${what}`, look, maxMs).catch((error: unknown) => {
      throw new Error(`${String(error)}; the page says: ${text.slice(0, 600)}`);
    });
  }

  /** All that the page says, as text. */
  text(): Promise<string> {
    return this.screen.evaluate(() => document.body.innerText, undefined);
  }

  async reload(): Promise<void> {
    await this.screen.reload();
    await this.isIn();
  }

  close(): Promise<void> {
    return this.screen.close();
  }
}

const dialogSays = (from: string): boolean =>
  [...document.querySelectorAll('dialog, [role="dialog"], [role="alertdialog"]')].some(
    (dialog) => dialog.checkVisibility() && (dialog.textContent ?? '').includes(from),
  );

const followConversation = (name: string): boolean => {
  const links = document.querySelectorAll<HTMLAnchorElement>('nav[aria-label="Conversations"] a');
  const link = [...links].find(
    (at) => at.checkVisibility() && `${at.getAttribute('aria-label') ?? ''}${at.textContent}`.includes(name),
  );
  link?.click();
  return link !== undefined;
};

const conversationIsWith = (name: string): boolean =>
  [...document.querySelectorAll('h1, h2, [role="heading"]')].some(
    (at) => at.checkVisibility() && (at.textContent ?? '').includes(name),
  );
