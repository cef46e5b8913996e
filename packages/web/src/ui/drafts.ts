import type { ConversationKey } from '@earshot/client';

const storedAs = (key: ConversationKey): string => `earshot.draft.${key}`;

/** What was written and not sent, per conversation: kept over a reload and a look elsewhere, for as long as the tab lives. */
export const drafts = {
  read: (key: ConversationKey): string => {
    try {
      return sessionStorage.getItem(storedAs(key)) ?? '';
    } catch {
      return '';
    }
  },
  write: (key: ConversationKey, text: string): void => {
    try {
      if (text === '') sessionStorage.removeItem(storedAs(key));
      else sessionStorage.setItem(storedAs(key), text);
    } catch {
      // The text stays in its box; only a reload would lose it.
    }
  },
};
