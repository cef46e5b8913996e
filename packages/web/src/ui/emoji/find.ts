export interface Emoji {
  readonly group: number;
  readonly emoji: string;
  readonly name: string;
  readonly words: string;
}

/** One line each: group, emoji, name and further words to find it by, tab between them. */
export const parseEmojiList = (list: string): readonly Emoji[] =>
  list.split('\n').map((line) => {
    const [group = '', emoji = '', name = '', further = ''] = line.split('\t');
    return { group: Number(group), emoji, name, words: ` ${name} ${further}`.toLowerCase() };
  });

/** Those that have, for each word of the query, a word that begins with it; those that are named so first. */
export const findEmoji = (list: readonly Emoji[], query: string, max: number): readonly Emoji[] => {
  const asked = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = list.filter(({ words }) => asked.every((word) => words.includes(` ${word}`)));
  const named = (emoji: Emoji): number => (emoji.name.startsWith(asked[0] ?? '') ? 0 : 1);
  return found.toSorted((a, b) => named(a) - named(b)).slice(0, max);
};
