import type { MessageView } from '@earshot/client';
import { memo } from 'preact/compat';
import { dayText, timeText } from '../dates.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { words } from '../words.ts';
import { isEmojiAlone, stretches } from './rich-text.ts';
import type { Row } from './rows.ts';

interface MessageProps {
  readonly row: Row;
  /** The other person's name. */
  readonly name: string;
  /** Whether the keyboard is at this message. */
  readonly picked: boolean;
}

/** One row of the log. */
export const Message = memo(({ row, name, picked }: MessageProps) => {
  const { message, startsDay, joined, first, last } = row;
  const id = `m-${message.id}`;
  const text = message.content.kind === 'text' ? message.content.text : null;
  return (
    <div class={`row ${joined ? 'row-joined' : ''} ${last ? 'row-last' : ''}`}>
      {first && <p class="beginning">{words.conversation.beginning(name)}</p>}
      {startsDay && <p class="day">{dayText(message.wall, Date.now())}</p>}
      <article
        class="message"
        data-from={message.from}
        data-message={message.id}
        tabIndex={-1}
        aria-labelledby={`${id}-who ${id}-text ${id}-meta`}
      >
        <span class="unseen" id={`${id}-who`}>
          {message.from === 'me' ? words.conversation.you : name}
        </span>
        <div class="bubble">
          <p id={`${id}-text`} class={text !== null && isEmojiAlone(text) ? 'text text-large' : 'text'} dir="auto">
            {text === null ? <em>{words.home.unknown}</em> : <RichText text={text} />}
          </p>
          <p class="meta" id={`${id}-meta`}>
            <time dateTime={new Date(message.wall).toISOString()}>{timeText(message.wall)}</time>
            {message.from === 'me' && <StateText state={message.state} />}
          </p>
        </div>
        {text !== null && (
          <CopyButton
            text={text}
            label={words.conversation.copyText}
            iconOnly
            class="button button-icon message-copy"
            tabIndex={picked ? 0 : -1}
          />
        )}
      </article>
    </div>
  );
});

const StateText = ({ state }: { readonly state: Extract<MessageView, { from: 'me' }>['state'] }) => (
  <span class="state" data-state={state}>
    {words.messageState[state]}
  </span>
);

const RichText = ({ text }: { readonly text: string }) => (
  <>
    {stretches(text).map((stretch, index) =>
      stretch.kind === 'text' ? (
        stretch.text
      ) : (
        <a key={index} href={stretch.href} target="_blank" rel="noopener noreferrer">
          {stretch.text}
        </a>
      ),
    )}
  </>
);
