import type { MessageView, MessageWindow, OpenConversation } from '../engine-types.ts';
import { type Observable, Subject } from '../observable.ts';
import { unlessGone } from '../store/own-store.ts';
import type { Conversation } from './conversation.ts';
import { compareOrder, type Item } from './source.ts';

/** Messages that a window begins with, and those that it grows by. */
const PAGE = 60;

/** The end of a conversation, kept up to date, growing upwards on demand. */
export class Window implements OpenConversation {
  readonly #conversation: Conversation;
  readonly #window = new Subject<MessageWindow>({ messages: [], older: 'loading' });
  readonly #unsubscribe: () => void;
  #items: readonly Item[] = [];
  /** One view per message and state, so that an unchanged message stays the same object. */
  readonly #views = new Map<string, MessageView>();
  #older: MessageWindow['older'] = 'loading';
  /** Loads run one after another; a reload makes the results of earlier ones stale. */
  #loads: Promise<void> = Promise.resolve();
  #generation = 0;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
    this.#unsubscribe = conversation.subscribe((change) => {
      if (change.type === 'moved') void this.#reload();
      else if (change.type === 'added') this.#arrived(change.items);
      else this.#show();
    });
    void this.#reload();
  }

  get window(): Observable<MessageWindow> {
    return this.#window;
  }

  async loadOlder(): Promise<void> {
    if (this.#older === 'some') {
      this.#older = 'loading';
      this.#show();
      this.#loads = this.#loads.then(() => this.#load()).catch(unlessGone);
    }
    await this.#loads;
  }

  markRead(): void {
    this.#conversation.markRead();
  }

  close(): void {
    this.#generation++;
    this.#unsubscribe();
  }

  #reload(): Promise<void> {
    this.#generation++;
    this.#items = [];
    this.#older = 'loading';
    this.#loads = this.#loads.then(() => this.#load()).catch(unlessGone);
    return this.#loads;
  }

  async #load(): Promise<void> {
    const generation = this.#generation;
    const before = this.#items[0]?.order ?? null;
    const page = await this.#conversation.source.page(before, PAGE);
    if (generation !== this.#generation) return;
    this.#older = page.length < PAGE ? 'none' : 'some';
    this.#insert(page);
  }

  /** Newly stored ones. What is older than the window comes when the window grows. */
  #arrived(items: readonly Item[]): void {
    const oldest = this.#items[0];
    const all = this.#older === 'none' || !oldest;
    this.#insert(all ? items : items.filter(({ order }) => compareOrder(order, oldest.order) > 0));
  }

  #insert(items: readonly Item[]): void {
    const known = new Set(this.#items.map(({ id }) => id));
    const added = items.filter(({ id }) => !known.has(id));
    this.#items = [...this.#items, ...added].sort((a, b) => compareOrder(a.order, b.order));
    this.#show();
  }

  #show(): void {
    this.#window.set({ messages: this.#items.map((item) => this.#view(item)), older: this.#older });
  }

  #view(item: Item): MessageView {
    const { id, wall, content } = item;
    const seen = this.#views.get(id);
    if (item.from === 'them') {
      if (seen) return seen;
    } else if (seen?.from === 'me' && seen.state === this.#conversation.source.state(item)) {
      return seen;
    }
    const view: MessageView =
      item.from === 'me'
        ? { id, wall, content, from: 'me', state: this.#conversation.source.state(item) }
        : { id, wall, content, from: 'them' };
    this.#views.set(id, view);
    return view;
  }
}
