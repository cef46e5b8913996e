import { useEffect, useRef } from 'preact/hooks';
import type { App } from '../app-context.ts';
import { HOME } from '../route.ts';
import { wide } from '../viewport.ts';

/** The box where people are reached: Ctrl+K leads there. */
export const REACH_ID = 'reach';

/** Where a dialog or a popover is open, Escape belongs to it. */
const somethingOpen = (): boolean => document.querySelector('dialog[open], :popover-open') !== null;

export const useShortcuts = ({ router }: App): void => {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || somethingOpen()) return;
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
        event.preventDefault();
        if (!wide.value) router.go(HOME);
        // On a phone the box is drawn only now.
        requestAnimationFrame(() => document.getElementById(REACH_ID)?.focus());
      } else if (event.key === 'Escape' && router.route.value.at !== 'home') {
        event.preventDefault();
        router.back();
      }
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [router]);
};

/** Who comes home from a conversation finds the focus at its link. */
export const useFocusAtHome = ({ router }: App): void => {
  const before = useRef(router.route.value);
  const route = router.route.value;

  useEffect(() => {
    const left = before.current;
    before.current = route;
    if (route.at !== 'home' || left.at !== 'conversation') return;
    document.querySelector<HTMLElement>(`[data-conversation="${CSS.escape(left.key)}"]`)?.focus();
  }, [route]);
};
