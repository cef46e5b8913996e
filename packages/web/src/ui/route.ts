import type { ConversationKey } from '@earshot/client';

/** Where in the app a person is; the part of the address after `#`. */
export type Route =
  | { readonly at: 'home' }
  | { readonly at: 'conversation'; readonly key: ConversationKey }
  /** An invite was opened: reach whoever has this name. */
  | { readonly at: 'to'; readonly name: string }
  | { readonly at: 'settings' };

export const HOME: Route = { at: 'home' };

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** What doesn't lead anywhere leads home. */
export const parseRoute = (hash: string): Route => {
  const [, place, rest] = /^#\/(?:([a-z]+)(?:\/(.+))?)?$/.exec(hash) ?? [];
  const argument = rest === undefined ? undefined : decoded(rest);
  if (place === 'c' && argument) return { at: 'conversation', key: argument as ConversationKey };
  if (place === 'to' && argument) return { at: 'to', name: argument };
  if (place === 'settings' && rest === undefined) return { at: 'settings' };
  return HOME;
};

export const formatRoute = (route: Route): string => {
  switch (route.at) {
    case 'home':
      return '#/';
    case 'conversation':
      return `#/c/${encodeURIComponent(route.key)}`;
    case 'to':
      return `#/to/${encodeURIComponent(route.name)}`;
    case 'settings':
      return '#/settings';
  }
};
