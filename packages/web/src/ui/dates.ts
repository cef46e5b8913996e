const DAY_MS = 86_400_000;

/** By the person's own clock habits: hours and minutes have no language. */
const clockTime = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat('en', { weekday: 'long' });
const dayOfYear = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long' });
const fullDay = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', year: 'numeric' });
const shortDay = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
const shortYear = new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Midnight of the local day of `wall`, ms since 1970. */
export const dayOf = (wall: number): number => new Date(wall).setHours(0, 0, 0, 0);

/** Whole days from `wall` to `now`; a day of summer time has 23 or 25 hours. */
const daysAgo = (wall: number, now: number): number => Math.round((dayOf(now) - dayOf(wall)) / DAY_MS);

export const timeText = (wall: number): string => clockTime.format(wall);

/** Over the messages of a day: "Today", "Yesterday", "Monday", "Monday, 3 March", "3 March 2024". */
export const dayText = (wall: number, now: number): string => {
  const days = daysAgo(wall, now);
  if (days === 0 || days === 1) return capital(relative.format(-days, 'day'));
  if (days > 1 && days < 7) return weekday.format(wall);
  const sameYear = new Date(wall).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? dayOfYear : fullDay).format(wall);
};

/** Beside a conversation: the time if it was today, else the day, as short as it gets. */
export const shortWhen = (wall: number, now: number): string => {
  const days = daysAgo(wall, now);
  if (days === 0) return timeText(wall);
  if (days === 1) return capital(relative.format(-1, 'day'));
  const sameYear = new Date(wall).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? shortDay : shortYear).format(wall);
};
