import { useEffect } from 'preact/hooks';
import type { App } from './app-context.ts';
import { words } from './words.ts';

/** The page's title: where the person is, and how much is unread. */
export const useTitle = ({ snapshot, router }: App): void => {
  const { conversations } = snapshot.value;
  const route = router.route.value;
  const unread = conversations.reduce((sum, conversation) => sum + conversation.unread, 0);
  const open = route.at === 'conversation' ? conversations.find(({ key }) => key === route.key) : undefined;
  const place = route.at === 'settings' ? words.settings.title : (open?.name ?? null);
  const title = words.title(place, unread);
  useEffect(() => {
    document.title = title;
  }, [title]);
};
