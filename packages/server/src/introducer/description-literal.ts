const KEY = '"sdp"';
const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;

/**
 * The description as JSON wrote it, found in the text that `JSON.parse` has taken: passing it on spares escaping it again, which
 * costs more than parsing it did. It is only found where it can't be another string than the one that was parsed; `undefined`
 * otherwise:
 *
 * - The text holds `"sdp"` once, without a backslash before it. So that is a whole string and not a part of one, whose quotes would
 *   be escaped.
 * - A colon and a quote follow at once. So it is a key, and its value is a string.
 * - The text holds no `\u`. So no other key can be `sdp` in disguise, because no other escape stands for a letter.
 */
export const descriptionLiteral = (text: string): string | undefined => {
  const at = text.indexOf(KEY);
  const from = at + KEY.length + 1;
  if (at < 1 || text.charCodeAt(at - 1) === BACKSLASH) return undefined;
  if (text.charCodeAt(from - 1) !== COLON || text.charCodeAt(from) !== QUOTE) return undefined;
  if (text.includes(KEY, from) || text.includes('\\u')) return undefined;
  const to = endOfString(text, from + 1);
  return to === -1 ? undefined : text.slice(from, to + 1);
};

/** Where the quote is that has an even number of backslashes before it. */
const endOfString = (text: string, from: number): number => {
  for (let end = text.indexOf('"', from); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return -1;
};
