import type { ConversationSummary } from '@earshot/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import { Avatar, avatarOf } from '../parts/avatar.tsx';
import { Icon } from '../parts/icon.tsx';
import { lazily } from '../parts/lazy.tsx';
import { wide } from '../viewport.ts';
import { words } from '../words.ts';

const VerifyDialog = lazily(async () => (await import('../verify/verify-dialog.tsx')).VerifyDialog);

export const Header = ({ summary }: { readonly summary: ConversationSummary }) => {
  const { router } = useApp();
  const [verifying, setVerifying] = useState(false);
  const { name } = summary;
  return (
    <header class="conversation-head">
      {!wide.value && (
        <button type="button" class="button button-icon" aria-label={words.back} onClick={() => router.back()}>
          <Icon name="back" />
        </button>
      )}
      <Avatar person={avatarOf(summary.with)} name={name} />
      <div class="conversation-who">
        <Heading text={name} />
        <Trust summary={summary} />
      </div>
      {summary.with.kind === 'person' && (
        <button
          type="button"
          class="button button-icon"
          aria-label={words.verify.open(name)}
          title={words.verify.open(name)}
          onClick={() => setVerifying(true)}
        >
          <Icon name={summary.compared ? 'compared' : 'verify'} />
        </button>
      )}
      {verifying && <VerifyDialog summary={summary} onDismiss={() => setVerifying(false)} />}
    </header>
  );
};

/** On a phone it takes the focus when the conversation opens: the box for messages would bring up the keyboard. */
const Heading = ({ text }: { readonly text: string }) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!wide.value) heading.current?.focus();
  }, []);
  const Level = wide.value ? 'h2' : 'h1';
  return (
    <Level ref={heading} class="conversation-title" tabIndex={-1}>
      {text}
    </Level>
  );
};

const Trust = ({ summary }: { readonly summary: ConversationSummary }) => {
  if (summary.with.kind === 'plain') {
    return (
      <span class="badge" title={words.conversation.unverifiedWhy}>
        {words.conversation.unverified}
      </span>
    );
  }
  return summary.compared ? <span class="badge badge-good">{words.conversation.compared}</span> : null;
};
