import { useId, useRef, useState } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { lazily } from '../parts/lazy.tsx';
import { words } from '../words.ts';

const EmojiPicker = lazily(async () => (await import('./emoji-picker.tsx')).EmojiPicker);

interface EmojiButtonProps {
  readonly onPick: (emoji: string) => void;
  readonly onClosed: () => void;
}

/** Opens the picker in a popover: Escape and a press elsewhere close it. */
export const EmojiButton = ({ onPick, onClosed }: EmojiButtonProps) => {
  const id = useId();
  const popover = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        class="button button-icon emoji-button"
        aria-label={words.conversation.emoji}
        title={words.conversation.emoji}
        aria-expanded={open}
        popovertarget={id}
      >
        <Icon name="emoji" />
      </button>
      <div
        ref={popover}
        id={id}
        class="emoji-popover"
        popover="auto"
        role="dialog"
        aria-label={words.conversation.emoji}
        onToggle={(event) => {
          const shown = event.newState === 'open';
          setOpen(shown);
          if (!shown) onClosed();
        }}
      >
        {open && (
          <EmojiPicker
            onPick={(emoji: string) => {
              onPick(emoji);
              popover.current?.hidePopover();
            }}
          />
        )}
      </div>
    </>
  );
};
