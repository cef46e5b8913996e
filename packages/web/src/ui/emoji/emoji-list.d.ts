/** Made by the build: see build/emoji-list.ts. */
declare module 'virtual:emoji-list' {
  /** A line each: group, emoji, name and further words, a tab between. */
  export const EMOJI_LIST: string;
}
