import type { ConversationSummary, OpenConversation } from '@earshot/client';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { useObserved } from '../observed.ts';
import { Icon } from '../parts/icon.tsx';
import { calm, pageSeen } from '../viewport.ts';
import { words } from '../words.ts';
import { Message } from './message.tsx';
import { useMessageKeys } from './message-keys.ts';
import { type Row, rowsOf } from './rows.ts';
import { useSpoken } from './spoken.ts';

/** This near to the end counts as at it, px: less than a line. */
const END_SLACK_PX = 24;
/** Older messages are fetched when so little is left above, px: about a screen. */
const OLDER_WITHIN_PX = 900;

interface MessagesProps {
  readonly open: OpenConversation;
  readonly summary: ConversationSummary;
}

/**
 * The log. Only the rows near what is seen exist, and rows come and go as it scrolls: so it isn't live by itself, and new
 * messages are spoken by the announcer.
 */
export const Messages = ({ open, summary }: MessagesProps) => {
  const shown = useObserved(open.window);
  const rows = useMemo(() => rowsOf(shown), [shown]);
  const { list, scroller, atEnd, look, toEnd, shift } = useScroll(open, rows, shown.older === 'some');
  const [picked, keys] = useMessageKeys();
  useSpoken(rows, summary.name);

  useEffect(() => {
    if (atEnd && pageSeen.value && summary.unread > 0) open.markRead();
  }, [atEnd, pageSeen.value, summary.unread, open]);

  const pickedIndex = rows.findIndex(({ message }) => message.id === picked);
  return (
    <div class="log-place">
      <div
        ref={scroller}
        class="log"
        role="log"
        aria-label={words.conversation.messages}
        aria-live="off"
        tabIndex={0}
        {...keys}
      >
        <div class="log-space" />
        {rows.length === 0 && <p class="beginning">{words.conversation.beginning(summary.name)}</p>}
        <Virtualizer
          ref={list}
          data={rows}
          shift={shift}
          onScroll={look}
          onResize={look}
          keepMounted={pickedIndex < 0 ? [] : [pickedIndex]}
        >
          {(row) => <Message key={row.message.id} row={row} name={summary.name} picked={row.message.id === picked} />}
        </Virtualizer>
      </div>
      {shown.older === 'loading' && <p class="older">{words.conversation.older}</p>}
      {!atEnd && (
        <button type="button" class="button jump" onClick={() => toEnd(!calm.value)}>
          <Icon name="down" />
          {summary.unread > 0 ? words.conversation.fresh(summary.unread) : null}
          <span class={summary.unread > 0 ? 'unseen' : ''}>{words.conversation.newest}</span>
        </button>
      )}
    </div>
  );
};

/** Opens at the newest and stays there until the person scrolls up; keeps what is seen in place when older ones come. */
const useScroll = (open: OpenConversation, rows: readonly Row[], more: boolean) => {
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const height = useRef<number>(undefined);
  const [atEnd, setAtEnd] = useState(true);
  const stays = useRef(true);
  const firstBefore = useRef(rows[0]?.message.id);
  const newest = rows.at(-1)?.message;
  const firstId = rows[0]?.message.id;

  const toEnd = (smooth = false): void => {
    stays.current = true;
    list.current?.scrollToIndex(rows.length - 1, { align: 'end', smooth });
  };

  useLayoutEffect(() => {
    firstBefore.current = firstId;
  }, [firstId]);

  useLayoutEffect(() => {
    if (rows.length > 0 && (stays.current || newest?.from === 'me')) toEnd();
  }, [newest?.id]);

  /** Asked on each scroll, and when something changed its height: the keyboard came, or a row was measured. */
  const look = (offset?: number): void => {
    const handle = list.current;
    if (handle === null || rows.length === 0) return;
    const beyond = handle.scrollSize - handle.viewportSize - handle.scrollOffset;
    const resized = scroller.current?.clientHeight !== height.current;
    height.current = scroller.current?.clientHeight;
    // A box that grows, or a keyboard that comes, moves what is seen as well; but then nobody has scrolled.
    if (offset !== undefined && !resized) stays.current = beyond <= END_SLACK_PX;
    else if (stays.current) toEnd();
    setAtEnd(stays.current);
    const above = offset ?? handle.scrollSize - handle.viewportSize;
    if (more && above < OLDER_WITHIN_PX) void open.loadOlder();
  };

  const shift = firstBefore.current !== undefined && firstId !== firstBefore.current;
  return { list, scroller, atEnd, look, toEnd, shift };
};
