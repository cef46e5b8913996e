import { type ReadonlySignal, signal } from '@preact/signals';
import { formatRoute, HOME, parseRoute, type Route } from './route.ts';

export interface Router {
  readonly route: ReadonlySignal<Route>;
  /** `replace`: the place left is not worth coming back to. */
  go(route: Route, how?: 'push' | 'replace'): void;
  /** To where the person came from within the app, else home. */
  back(): void;
}

/** How many places of this app lie behind the current one in the browser's history. */
interface Visit {
  readonly depth: number;
}

const depthOf = (state: unknown): number | undefined =>
  typeof state === 'object' && state !== null && 'depth' in state && typeof state.depth === 'number'
    ? state.depth
    : undefined;

/** Follows and moves the part of the address after `#`. One per page. */
export const createRouter = (): Router => {
  const route = signal(parseRoute(location.hash));
  let depth = depthOf(history.state) ?? 0;

  const visit = (next: number): Visit => ({ depth: next });
  history.replaceState(visit(depth), '');

  // A link within the page and an address that a person typed have no depth yet.
  const arrived = (): void => {
    const known = depthOf(history.state);
    depth = known ?? depth + 1;
    if (known === undefined) history.replaceState(visit(depth), '');
    route.value = parseRoute(location.hash);
  };
  window.addEventListener('popstate', arrived);
  window.addEventListener('hashchange', arrived);

  const go: Router['go'] = (next, how = 'push') => {
    const address = formatRoute(next);
    if (how === 'replace' || address === location.hash) history.replaceState(visit(depth), '', address);
    else history.pushState(visit(++depth), '', address);
    route.value = next;
  };

  return {
    route,
    go,
    back: () => {
      if (depth > 0) history.back();
      else go(HOME, 'replace');
    },
  };
};
