import { type ReadonlySignal, signal } from '@preact/signals';

const matching = (query: string): ReadonlySignal<boolean> => {
  const media = window.matchMedia(query);
  const matches = signal(media.matches);
  media.addEventListener('change', () => {
    matches.value = media.matches;
  });
  return matches;
};

/** Whether there is room for two panes: the list beside the conversation. */
export const wide = matching('(min-width: 900px)');

/** Whether somebody sees the page. */
export const pageSeen: ReadonlySignal<boolean> = (() => {
  const seen = signal(document.visibilityState === 'visible');
  document.addEventListener('visibilitychange', () => {
    seen.value = document.visibilityState === 'visible';
  });
  return seen;
})();

export const calm = matching('(prefers-reduced-motion: reduce)');

/**
 * Keeps the app as high as what is seen of it. Safari lays its keyboard over the page instead of making the page smaller, and
 * moves the page up under it.
 */
export const followKeyboard = (): void => {
  const { visualViewport } = window;
  visualViewport?.addEventListener('resize', () => {
    // Somebody who has zoomed in sees less, and wants nothing moved.
    if (visualViewport.scale !== 1) return;
    document.documentElement.style.setProperty('--height', `${visualViewport.height}px`);
    window.scrollTo(0, 0);
  });
};
