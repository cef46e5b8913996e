const STORED_AS = 'earshot.emoji';
/** Two rows on a phone. */
const KEPT_MAX = 16;

/** Emoji that this person picked last, newest first. */
export const readRecent = (): readonly string[] => {
  try {
    return (localStorage.getItem(STORED_AS) ?? '').split(' ').filter(Boolean);
  } catch {
    return [];
  }
};

export const rememberRecent = (emoji: string): void => {
  try {
    const others = readRecent().filter((known) => known !== emoji);
    localStorage.setItem(STORED_AS, [emoji, ...others].slice(0, KEPT_MAX).join(' '));
  } catch {
    // A private window that keeps nothing: then there are no recent ones.
  }
};
