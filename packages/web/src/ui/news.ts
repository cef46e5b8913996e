import type { ConversationKey } from '@earshot/client';
import { useEffect, useRef } from 'preact/hooks';
import type { App } from './app-context.ts';
import { previewOf } from './home/preview.ts';
import { words } from './words.ts';

/** Has a screen reader say what comes in conversations that aren't open; the open one speaks for itself. */
export const useNewsElsewhere = ({ snapshot, router, announce }: App): void => {
  const { conversations } = snapshot.value;
  const newest = useRef<ReadonlyMap<ConversationKey, string | undefined>>(undefined);

  useEffect(() => {
    const before = newest.current;
    newest.current = new Map(conversations.map(({ key, last }) => [key, last?.id]));
    if (before === undefined) return;
    const route = router.route.peek();
    for (const { key, name, last, unread } of conversations) {
      const open = route.at === 'conversation' && route.key === key;
      if (open || unread === 0 || last?.from !== 'them' || before.get(key) === last.id) continue;
      announce(words.conversation.said(name, previewOf(last)));
    }
  }, [conversations]);
};
