// What a person looks for. Each of these runs inside a page and stands on its own.

/** Whether the app is past its first visit. */
export const appIsIn = (): boolean =>
  document.querySelector('nav[aria-label="Conversations"]')?.checkVisibility() === true;

export const dialogSays = (from: string): boolean =>
  [...document.querySelectorAll('dialog, [role="dialog"], [role="alertdialog"]')].some(
    (dialog) => dialog.checkVisibility() && (dialog.textContent ?? '').includes(from),
  );

/** Follows the link to a conversation; on a phone the list is a screen of its own, so it goes back there first. */
export const goToConversation = (name: string): boolean => {
  const composer = [...document.querySelectorAll('textarea, [role="textbox"]')].some((at) => at.checkVisibility());
  const headings = [...document.querySelectorAll('h1.conversation-title, h2.conversation-title')];
  if (composer && headings.some((at) => (at.textContent ?? '').includes(name))) return true;
  const links = [...document.querySelectorAll<HTMLAnchorElement>('nav[aria-label="Conversations"] a')];
  const link = links.find((at) => at.checkVisibility() && (at.textContent ?? '').includes(name));
  if (link) link.click();
  else if (composer) history.back();
  return false;
};

/** `state`: `null` where any will do. */
export const messageShows = ({ text, state }: { readonly text: string; readonly state: string | null }): boolean =>
  [...document.querySelectorAll('[role="log"][aria-label="Messages"] article')].some(
    (article) =>
      article.querySelector('[dir="auto"]')?.textContent === text &&
      (state === null || article.querySelector('[data-state]')?.textContent === state),
  );

export const messagesAre = (texts: readonly string[]): boolean => {
  const articles = [...document.querySelectorAll('[role="log"][aria-label="Messages"] article')];
  return (
    articles.length === texts.length &&
    articles.every((article, index) => article.querySelector('[dir="auto"]')?.textContent === texts[index])
  );
};

export const statusSays = (word: string): boolean =>
  [...document.querySelectorAll('[role="status"]')].some(
    (at) => at.checkVisibility() && (at.textContent ?? '').includes(word),
  );

export const shownStatuses = (): string =>
  [...document.querySelectorAll('[role="status"]')]
    .filter((at) => at.checkVisibility())
    .map((at) => at.textContent)
    .join(' | ');

export const pageSays = ({ source, flags }: { readonly source: string; readonly flags: string }): boolean =>
  new RegExp(source, flags).test(document.body.innerText);
