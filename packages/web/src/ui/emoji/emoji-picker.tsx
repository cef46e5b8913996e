import { EMOJI_LIST } from 'virtual:emoji-list';
import { useMemo, useState } from 'preact/hooks';
import { words } from '../words.ts';
import { type Emoji, findEmoji, parseEmojiList } from './find.ts';
import { readRecent, rememberRecent } from './recent.ts';

const FOUND_MAX = 80;

let parsed: readonly Emoji[] | undefined;
const everything = (): readonly Emoji[] => (parsed ??= parseEmojiList(EMOJI_LIST));

type Shelf = number | 'recent';

export const EmojiPicker = ({ onPick }: { readonly onPick: (emoji: string) => void }) => {
  const [query, setQuery] = useState('');
  const [recent] = useState(readRecent);
  const [shelf, setShelf] = useState<Shelf>(recent.length > 0 ? 'recent' : 0);
  const shown = useMemo(() => onShelf(shelf, query, recent), [shelf, query, recent]);

  const pick = (emoji: string): void => {
    rememberRecent(emoji);
    onPick(emoji);
  };

  return (
    <div class="emoji-picker">
      <input
        class="field"
        type="search"
        aria-label={words.emoji.search}
        placeholder={words.emoji.search}
        value={query}
        onInput={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          const [first] = shown;
          if (event.key !== 'Enter' || first === undefined || query === '') return;
          event.preventDefault();
          pick(first.emoji);
        }}
        // Opened by a person who is about to choose: the search is where the keyboard belongs.
        ref={(input) => {
          if (input && !input.value && !document.activeElement?.closest('.emoji-popover')) input.focus();
        }}
      />
      <Shelves
        shelf={query === '' ? shelf : null}
        recent={recent.length > 0}
        onShelf={(next) => {
          setQuery('');
          setShelf(next);
        }}
      />
      <Grid emoji={shown} onPick={pick} />
    </div>
  );
};

const onShelf = (shelf: Shelf, query: string, recent: readonly string[]): readonly Emoji[] => {
  if (query.trim() !== '') return findEmoji(everything(), query, FOUND_MAX);
  if (shelf !== 'recent') return everything().filter(({ group }) => group === shelf);
  return recent.flatMap((emoji) => everything().find((known) => known.emoji === emoji) ?? []);
};

interface ShelvesProps {
  readonly shelf: Shelf | null;
  readonly recent: boolean;
  readonly onShelf: (shelf: Shelf) => void;
}

const Shelves = ({ shelf, recent, onShelf }: ShelvesProps) => {
  const groups = words.emoji.groups.flatMap((name, group): { shelf: Shelf; name: string }[] =>
    name === '' ? [] : [{ shelf: group, name }],
  );
  const all = recent ? [{ shelf: 'recent' as const, name: words.emoji.recent }, ...groups] : groups;
  return (
    <div class="emoji-shelves">
      {all.map((each) => (
        <button
          key={each.shelf}
          type="button"
          class="emoji-shelf"
          aria-pressed={each.shelf === shelf}
          onClick={() => onShelf(each.shelf)}
        >
          {each.name}
        </button>
      ))}
    </div>
  );
};

interface GridProps {
  readonly emoji: readonly Emoji[];
  readonly onPick: (emoji: string) => void;
}

/** One stop of the Tab key; the arrows walk through it. */
const Grid = ({ emoji, onPick }: GridProps) => {
  if (emoji.length === 0) return <p class="hint">{words.emoji.none}</p>;
  return (
    <div class="emoji-grid" onKeyDown={walk}>
      {emoji.map((each, index) => (
        <button
          key={each.emoji}
          type="button"
          class="emoji"
          aria-label={each.name}
          title={each.name}
          tabIndex={index === 0 ? 0 : -1}
          onClick={() => onPick(each.emoji)}
        >
          {each.emoji}
        </button>
      ))}
    </div>
  );
};

const walk = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void => {
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const index = buttons.findIndex((button) => button === document.activeElement);
  const [first] = buttons;
  if (index < 0 || first === undefined) return;
  const columns = buttons.filter((button) => button.offsetTop === first.offsetTop).length;
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
  };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  buttons[index + step]?.focus();
};
