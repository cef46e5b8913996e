import type { ConversationKey } from '@earshot/client';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import { drafts } from '../drafts.ts';
import { EmojiButton } from '../emoji/emoji-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { wide } from '../viewport.ts';
import { words } from '../words.ts';

/** Where a message is written. What the engine hasn't taken stays in the box. */
export const Composer = ({ conversationKey }: { readonly conversationKey: ConversationKey }) => {
  const { box, text, write, fault, send } = useComposer(conversationKey);
  const faultId = useId();
  const composedAt = useRef(Number.NEGATIVE_INFINITY);

  const insert = (emoji: string): void => {
    const { current } = box;
    if (current === null) return;
    current.setRangeText(emoji, current.selectionStart, current.selectionEnd, 'end');
    write(current.value);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {fault !== null && (
        <p id={faultId} class="fault" role="alert">
          {fault}
        </p>
      )}
      <div class="composer-row">
        <EmojiButton onPick={insert} onClosed={() => box.current?.focus()} />
        {/* Grows with its text: see .composer-grows. */}
        <div class="composer-grows" data-text={text}>
          <textarea
            ref={box}
            class="field composer-box"
            rows={1}
            aria-label={words.conversation.message}
            aria-describedby={fault === null ? undefined : faultId}
            placeholder={words.conversation.placeholder}
            dir="auto"
            enterkeyhint="send"
            value={text}
            onInput={(event) => write(event.currentTarget.value)}
            onCompositionEnd={({ timeStamp }) => {
              composedAt.current = timeStamp;
            }}
            onKeyDown={(event) => {
              if (!sends(event, composedAt.current)) return;
              event.preventDefault();
              void send();
            }}
          />
        </div>
        <button
          class="button button-icon button-first"
          aria-label={words.conversation.send}
          aria-disabled={text.trim() === ''}
          // The box keeps the focus, and a phone its keyboard.
          onMouseDown={(event) => event.preventDefault()}
        >
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
};

/** Safari tells of the Enter that ends the composing of a character only after it has ended, within this time, ms. */
const COMPOSED_WITHIN_MS = 30;

/** Enter, but not the one that ends the composing of a character. */
const sends = (event: KeyboardEvent, composedAt: number): boolean =>
  event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.timeStamp - composedAt > COMPOSED_WITHIN_MS;

const useComposer = (key: ConversationKey) => {
  const { engine } = useApp();
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => drafts.read(key));
  const [fault, setFault] = useState<string | null>(null);

  const write = (next: string): void => {
    setText(next);
    setFault(null);
    drafts.write(key, next);
  };

  /** The box is free at once for the next message; the draft goes only when the message is stored. */
  const send = async (): Promise<void> => {
    const sending = box.current?.value ?? '';
    if (sending.trim() === '') return box.current?.focus();
    setText('');
    setFault(null);
    const sent = await engine.send(key, sending);
    const since = box.current?.value ?? '';
    if (sent.ok) return drafts.write(key, since);
    write(since === '' ? sending : `${sending}\n${since}`);
    setFault(words.send[sent.error]);
  };

  useEffect(() => {
    if (wide.value) box.current?.focus();
  }, []);

  return { box, text, write, fault, send };
};
