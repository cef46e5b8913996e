import { formatRoute, parseRoute } from './route.ts';

/** The link that leads whoever opens it to the person of this name, on this server. */
export const inviteLink = (origin: string, name: string): string => `${origin}/${formatRoute({ at: 'to', name })}`;

export type Reached =
  | { readonly kind: 'name'; readonly name: string }
  /** An invite to another server: names mean nothing there. */
  | { readonly kind: 'elsewhere' };

/** What a person wrote or pasted to reach someone: a name, or an invite link. */
export const parseReached = (text: string, origin: string): Reached => {
  const trimmed = text.trim();
  if (!/^https?:\/\//i.test(trimmed)) return { kind: 'name', name: trimmed };
  if (!URL.canParse(trimmed)) return { kind: 'name', name: trimmed };
  const url = new URL(trimmed);
  const route = parseRoute(url.hash);
  if (route.at !== 'to') return { kind: 'name', name: trimmed };
  return url.origin === origin ? { kind: 'name', name: route.name } : { kind: 'elsewhere' };
};
