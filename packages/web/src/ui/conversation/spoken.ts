import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import { previewOf } from '../home/preview.ts';
import { words } from '../words.ts';
import type { Row } from './rows.ts';

/** Has a screen reader say each message that comes in while the conversation is open: once, and never an old one. */
export const useSpoken = (rows: readonly Row[], name: string): void => {
  const { announce } = useApp();
  const known = useRef<ReadonlySet<string>>(undefined);

  useEffect(() => {
    const before = known.current;
    known.current = new Set(rows.map(({ message }) => message.id));
    if (before === undefined) return;
    // Older ones that were fetched come before what was known; only what comes after something known, or first of all, is news.
    const lastKnown = rows.findLastIndex(({ message }) => before.has(message.id));
    if (lastKnown < 0 && before.size > 0) return;
    for (const { message } of rows.slice(lastKnown + 1)) {
      if (message.from === 'them') announce(words.conversation.said(name, previewOf(message)));
    }
  }, [rows, name, announce]);
};
