import { signal } from '@preact/signals';

/** Screen readers read what is added to the region; it stays long enough for slow ones, ms. */
const KEPT_MS = 5_000;

interface Announcement {
  readonly id: number;
  readonly text: string;
}

const announcements = signal<readonly Announcement[]>([]);
let nextId = 0;

/** Says it once to whoever listens instead of looking. */
export const announce = (text: string): void => {
  const id = nextId++;
  announcements.value = [...announcements.value, { id, text }];
  setTimeout(() => {
    announcements.value = announcements.value.filter((announcement) => announcement.id !== id);
  }, KEPT_MS);
};

/** The only region of the app that speaks up by itself, beside the state of the line. */
export const Announcer = () => (
  <div class="unseen" aria-live="polite" aria-relevant="additions">
    {announcements.value.map(({ id, text }) => (
      <p key={id}>{text}</p>
    ))}
  </div>
);
