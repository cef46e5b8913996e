import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const NAME = 'virtual:emoji-list';
/** Emoji of later versions are empty boxes on devices that are a few years old. */
const VERSION_MAX = 15;
/** The group of skin tones and hair: parts of emoji, not emoji. */
const PARTS = 2;

interface Listed {
  readonly emoji: string;
  readonly annotation: string;
  readonly tags?: readonly string[];
  readonly group: number;
  readonly order: number;
  readonly version: number;
}

/** The module `virtual:emoji-list`: what the picker shows, a fifth of the size of the data that it is made from. */
export const emojiList = (): Plugin => ({
  name: 'emoji-list',
  resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
  load: (id) => (id === `\0${NAME}` ? `export const EMOJI_LIST = ${JSON.stringify(lines())};` : undefined),
});

/** One line each: group, emoji, name and further words to find it by, tab between them. */
const lines = (): string => {
  const path = fileURLToPath(import.meta.resolve('emoji-picker-element-data/en/cldr-native/data.json'));
  const list = JSON.parse(readFileSync(path, 'utf8')) as readonly Listed[];
  return list
    .filter(({ group, version }) => group !== PARTS && version <= VERSION_MAX)
    .sort((a, b) => a.group - b.group || a.order - b.order)
    .map(({ group, emoji, annotation, tags }) => [group, emoji, annotation, further(annotation, tags)].join('\t'))
    .join('\n');
};

const further = (annotation: string, tags: readonly string[] = []): string =>
  tags.filter((tag) => !annotation.includes(tag)).join(' ');
