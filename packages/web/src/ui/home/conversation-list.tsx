import type { ConversationSummary, MessageView } from '@earshot/client';
import { useApp } from '../app-context.ts';
import { shortWhen } from '../dates.ts';
import { Avatar, avatarOf } from '../parts/avatar.tsx';
import { formatRoute } from '../route.ts';
import { words } from '../words.ts';
import { previewOf } from './preview.ts';

export const ConversationList = () => {
  const { snapshot, router } = useApp();
  const route = router.route.value;
  return (
    <ul class="conversations" onKeyDown={moveFocus}>
      {snapshot.value.conversations.map((conversation) => (
        <li key={conversation.key}>
          <Item conversation={conversation} current={route.at === 'conversation' && route.key === conversation.key} />
        </li>
      ))}
    </ul>
  );
};

interface ItemProps {
  readonly conversation: ConversationSummary;
  readonly current: boolean;
}

/** What it shows, in this order, is also its accessible name. */
const Item = ({ conversation, current }: ItemProps) => {
  const { key, name, line, last, unread } = conversation;
  return (
    <a
      class="conversation-link"
      href={formatRoute({ at: 'conversation', key })}
      aria-current={current ? 'page' : undefined}
      data-conversation={key}
    >
      <span class="avatar-place">
        <Avatar person={avatarOf(conversation.with)} name={name} />
        <span class="dot" data-state={line.state} />
      </span>
      <span class="conversation-name">
        <span class="conversation-who-short">{name}</span> <span class="unseen">{words.lineWord[line.state]}</span>{' '}
        {conversation.with.kind === 'plain' && <span class="badge">{words.conversation.unverified}</span>}
      </span>{' '}
      <span class="conversation-when">{last && shortWhen(last.wall, Date.now())}</span>{' '}
      <span class="conversation-preview">{noticeOrLast(conversation)}</span>{' '}
      {unread > 0 && !current && (
        <span class="unread">
          <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
          <span class="unseen">{words.home.unread(unread)}</span>
        </span>
      )}
    </a>
  );
};

const noticeOrLast = ({ notice, last, name }: ConversationSummary): string => {
  if (notice !== null && notice.kind !== 'declined') return words.notice.text[notice.kind](name);
  return last === null ? words.home.nothing : lastText(last);
};

const lastText = (last: MessageView): string =>
  last.from === 'me' ? words.home.you(previewOf(last)) : previewOf(last);

const STEPS: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowDown: (index, count) => Math.min(index + 1, count - 1),
  ArrowUp: (index) => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_index, count) => count - 1,
};

const moveFocus = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void => {
  const step = STEPS[event.key];
  if (step === undefined) return;
  const links = [...event.currentTarget.querySelectorAll('a')];
  const index = links.findIndex((link) => link === document.activeElement);
  if (index < 0) return;
  event.preventDefault();
  links[step(index, links.length)]?.focus();
};
