import type { ConversationNotice, ConversationSummary } from '@earshot/client';
import { useApp } from '../app-context.ts';
import { Avatar, avatarOf } from '../parts/avatar.tsx';
import { words } from '../words.ts';

interface NoticeProps {
  readonly summary: ConversationSummary;
  readonly notice: ConversationNotice;
}

/** Something that the person has to know or decide, with what can be done about it. */
export const Notice = ({ summary, notice }: NoticeProps) => {
  const grave = notice.kind !== 'declined' && notice.kind !== 'blocked';
  return (
    <section class={grave ? 'notice notice-grave' : 'notice'} aria-label={words.notice.label}>
      <p>{words.notice.text[notice.kind](summary.name)}</p>
      <Choices summary={summary} notice={notice} />
    </section>
  );
};

const Choices = ({ summary, notice }: NoticeProps) => {
  const { engine } = useApp();
  const { key, name } = summary;
  switch (notice.kind) {
    case 'key_changed':
      return (
        <div class="notice-keys">
          <KeyChoice
            what={words.notice.before}
            picture={<Avatar person={avatarOf(summary.with)} name={name} />}
            button={words.notice.oldKey}
            hint={words.notice.oldKeyWhat}
            onChoose={() => void engine.keepOldKey(key)}
          />
          <KeyChoice
            what={words.notice.now}
            picture={<Avatar person={notice.person} name={name} />}
            button={words.notice.newKey}
            hint={words.notice.newKeyWhat}
            onChoose={() => void engine.acceptNewKey(key)}
          />
        </div>
      );
    case 'declined':
    case 'not_proved':
      return (
        <button type="button" class="button" onClick={() => engine.retry(key)}>
          {words.notice.again}
        </button>
      );
    case 'blocked':
      return (
        <button type="button" class="button" onClick={() => void engine.unblock(key)}>
          {words.notice.unblock}
        </button>
      );
    case 'forked':
      return null;
  }
};

interface KeyChoiceProps {
  readonly what: string;
  readonly picture: preact.JSX.Element;
  readonly button: string;
  readonly hint: string;
  readonly onChoose: () => void;
}

const KeyChoice = ({ what, picture, button, hint, onChoose }: KeyChoiceProps) => (
  <div class="notice-key">
    {picture}
    <span class="label">{what}</span>
    <button type="button" class="button" onClick={onChoose}>
      {button}
    </button>
    <span class="hint">{hint}</span>
  </div>
);
