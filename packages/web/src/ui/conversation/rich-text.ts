import { LinkifyIt } from 'linkify-it';

/** A stretch of a message's text. Together they are the text, unchanged. */
export type Stretch =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

/** Only what opens a page or a letter: nothing that runs or leads to a local file. */
const SAFE = new Set(['http:', 'https:', 'mailto:']);

const linkify = new LinkifyIt({ fuzzyLink: true }).add('ftp:', null).add('//', null);

/** Up to this many emoji alone are drawn large. */
const LARGE_MAX = 3;
const EMOJI_ALONE = new RegExp(`^(?:\\p{RGI_Emoji}\\s*){1,${LARGE_MAX}}$`, 'v');

export const stretches = (text: string): readonly Stretch[] => {
  const found: Stretch[] = [];
  let from = 0;
  for (const { index, lastIndex, url } of linkify.match(text) ?? []) {
    if (!URL.canParse(url) || !SAFE.has(new URL(url).protocol)) continue;
    if (index > from) found.push({ kind: 'text', text: text.slice(from, index) });
    found.push({ kind: 'link', text: text.slice(index, lastIndex), href: url });
    from = lastIndex;
  }
  if (from < text.length) found.push({ kind: 'text', text: text.slice(from) });
  return found;
};

/** Whether the text is a few emoji and nothing else. */
export const isEmojiAlone = (text: string): boolean => text.length < 64 && EMOJI_ALONE.test(text.trim());
