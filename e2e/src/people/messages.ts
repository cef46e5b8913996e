/** A message as the log shows it. `state`: the word for one's own, `null` for the other's. */
export interface ShownMessage {
  readonly id: string;
  readonly text: string;
  readonly state: string | null;
}

/** Runs in a page: the messages that the log named `Messages` has on screen or near it, in their order. */
export const shownMessages = (): readonly ShownMessage[] =>
  [...document.querySelectorAll<HTMLElement>('[role="log"][aria-label="Messages"] article')].map((article) => ({
    id: article.dataset['message'] ?? '',
    text: article.querySelector('[dir="auto"]')?.textContent ?? '',
    state: article.querySelector('[data-state]')?.textContent ?? null,
  }));

/** Runs in a page: every message of the open conversation, oldest first. Scrolls to the beginning and back to the end. */
export const wholeHistory = async (): Promise<readonly ShownMessage[]> => {
  const log = document.querySelector<HTMLElement>('[role="log"][aria-label="Messages"]');
  if (!log) throw new Error('No log');
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const look = (): readonly ShownMessage[] =>
    [...log.querySelectorAll<HTMLElement>('article')].map((article) => ({
      id: article.dataset['message'] ?? '',
      text: article.querySelector('[dir="auto"]')?.textContent ?? '',
      state: article.querySelector('[data-state]')?.textContent ?? null,
    }));
  let found: readonly ShownMessage[] = look();
  // At the top, older ones may be on their way: the beginning of the conversation says that there are none.
  const begun = () => log.scrollTop <= 0 && log.querySelector('.beginning') !== null;
  for (let frames = 0; !begun() && frames < 2_000; frames++) {
    log.scrollTop = Math.max(0, log.scrollTop - log.clientHeight / 2);
    await frame();
    await frame();
    const now = look();
    const ids = new Set(now.map(({ id }) => id));
    found = [...now, ...found.filter(({ id }) => !ids.has(id))];
  }
  log.scrollTop = log.scrollHeight;
  await frame();
  return found;
};
