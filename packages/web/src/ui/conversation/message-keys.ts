import { useState } from 'preact/hooks';

type LogEvent<E extends Event> = E & { readonly currentTarget: HTMLElement };

interface MessageKeys {
  readonly onKeyDown: (event: LogEvent<KeyboardEvent>) => void;
  readonly onFocusIn: (event: LogEvent<FocusEvent>) => void;
  readonly onFocusOut: (event: LogEvent<FocusEvent>) => void;
}

const messageOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('[data-message]') : null;

/**
 * The log is one stop of the Tab key; within it the arrows walk from message to message, starting at the newest. Answers
 * the id of the message that the keyboard is at, and what the log has to listen to.
 */
export const useMessageKeys = (): readonly [string | null, MessageKeys] => {
  const [picked, setPicked] = useState<string | null>(null);

  const onKeyDown: MessageKeys['onKeyDown'] = (event) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    const messages = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-message]')];
    const current = messageOf(document.activeElement);
    const index = current === null ? messages.length : messages.indexOf(current);
    const next = messages[event.key === 'ArrowUp' ? index - 1 : index + 1];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };

  return [
    picked,
    {
      onKeyDown,
      onFocusIn: ({ target }) => setPicked(messageOf(target)?.dataset['message'] ?? null),
      onFocusOut: ({ relatedTarget, currentTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setPicked(null);
      },
    },
  ];
};
