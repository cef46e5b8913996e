import {
  appIsIn,
  dialogSays,
  goToConversation,
  messageShows,
  messagesAre,
  pageSays,
  shownStatuses,
  statusSays,
} from './looking.ts';
import { type ShownMessage, shownMessages } from './messages.ts';
import type { Screen } from './screen.ts';

export type LineWord = 'Connecting' | 'Direct' | 'Relayed' | 'Away' | 'Offline';
export type StateWord = 'Queued' | 'Sent' | 'Delivered';

/** How long anything that a person waits for may take on a busy machine, ms. */
const WAIT_MAX_MS = 25_000;

/** Somebody in front of the app. Everything here goes by what they see, and by the accessible names that no edition renames. */
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
    await this.#until('is in', appIsIn, undefined);
  }

  async connect(name: string): Promise<void> {
    await this.screen.fill('textbox', 'Name or invite link', name);
    await this.screen.click('button', 'Connect');
  }

  async accept(from: string): Promise<void> {
    await this.isAsked(from);
    await this.screen.click('button', 'Accept');
  }

  async decline(from: string): Promise<void> {
    await this.isAsked(from);
    await this.screen.click('button', 'Decline');
  }

  async block(from: string): Promise<void> {
    await this.isAsked(from);
    await this.screen.click('button', 'Block');
  }

  /** Waits for the request of a caller. */
  async isAsked(from: string): Promise<void> {
    await this.#until(`is asked by ${from}`, dialogSays, from);
  }

  /** Opens the conversation with somebody, from wherever the app is. */
  async open(name: string): Promise<void> {
    await this.#until(`opens the conversation with ${name}`, goToConversation, name);
  }

  /** Writes and sends with Enter, and waits until it shows. */
  async send(text: string): Promise<void> {
    await this.screen.fill('textbox', 'Message', text);
    await this.screen.press('Enter');
    await this.seesMessage(text);
  }

  async seesMessage(text: string): Promise<void> {
    await this.#until(`sees “${text}”`, messageShows, { text, state: null });
  }

  async seesState(text: string, state: StateWord, maxMs?: number): Promise<void> {
    await this.#until(`sees “${text}” as ${state}`, messageShows, { text, state }, maxMs);
  }

  /** What the log shows now, in its order. */
  messages(): Promise<readonly ShownMessage[]> {
    return this.screen.evaluate(shownMessages, undefined);
  }

  /** The log's texts come to be exactly these, in this order. */
  async hasExactly(...texts: readonly string[]): Promise<void> {
    await this.#until(`has exactly ${JSON.stringify(texts)}`, messagesAre, texts);
  }

  /** Waits until a status contains this word. */
  async seesLine(word: LineWord, maxMs?: number): Promise<void> {
    await this.#until(`sees ${word}`, statusSays, word, maxMs);
  }

  /** The text of every status that shows now. */
  statuses(): Promise<string> {
    return this.screen.evaluate(shownStatuses, undefined);
  }

  /** Waits until some text stands anywhere on the page. */
  async reads(what: RegExp, maxMs?: number): Promise<void> {
    await this.#until(`reads ${what}`, pageSays, { source: what.source, flags: what.flags }, maxMs);
  }

  async reload(): Promise<void> {
    await this.screen.reload();
    await this.isIn();
  }

  close(): Promise<void> {
    return this.screen.close();
  }

  async #until<Argument>(
    what: string,
    look: (argument: Argument) => boolean,
    argument: Argument,
    maxMs = WAIT_MAX_MS,
  ): Promise<void> {
    try {
      await this.screen.until(look, argument, maxMs);
    } catch (error) {
      const page = await this.screen.evaluate(() => document.body.innerText, undefined).catch(() => 'nothing any more');
      throw new Error(`Not within ${maxMs} ms: ${this.name} ${what}. The page says:\n${page}`, { cause: error });
    }
  }
}
