import type { ConversationKey, ConversationSummary, OpenConversation } from '@earshot/client';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import { formatRoute, HOME } from '../route.ts';
import { words } from '../words.ts';
import { Composer } from './composer.tsx';
import { Header } from './header.tsx';
import { Line } from './line.tsx';
import { Messages } from './messages.tsx';
import { Notice } from './notice.tsx';

export const Conversation = ({ conversationKey }: { readonly conversationKey: ConversationKey }) => {
  const { snapshot } = useApp();
  const summary = snapshot.value.conversations.find(({ key }) => key === conversationKey);
  return summary === undefined ? <Gone /> : <Known summary={summary} />;
};

const Gone = () => (
  <div class="nothing-chosen">
    <h1>{words.conversation.gone}</h1>
    <p>{words.conversation.goneHow}</p>
    <a class="button" href={formatRoute(HOME)}>
      {words.back}
    </a>
  </div>
);

const Known = ({ summary }: { readonly summary: ConversationSummary }) => {
  const open = useOpened(summary.key);
  return (
    <div class="conversation">
      <Header summary={summary} />
      <Line line={summary.line} name={summary.name} plain={summary.with.kind === 'plain'} />
      {summary.notice && <Notice summary={summary} notice={summary.notice} />}
      {open && <Messages open={open} summary={summary} />}
      <Composer conversationKey={summary.key} />
    </div>
  );
};

/** The conversation's messages, held open for as long as they are shown. */
const useOpened = (key: ConversationKey): OpenConversation | undefined => {
  const { engine } = useApp();
  const [open] = useState(() => engine.open(key));
  useEffect(() => () => open?.close(), [open]);
  return open;
};
