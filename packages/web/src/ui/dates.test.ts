import { describe, expect, it } from 'vitest';
import { dayOf, dayText, shortWhen, timeText } from './dates.ts';

const at = (text: string): number => new Date(text).getTime();
const now = at('2026-03-18T14:00:00');

describe('the day over messages', () => {
  it.each([
    ['2026-03-18T00:00:00', 'Today'],
    ['2026-03-18T23:59:59', 'Today'],
    ['2026-03-17T23:59:59', 'Yesterday'],
    ['2026-03-16T08:00:00', 'Monday'],
    ['2026-03-12T08:00:00', 'Thursday'],
    ['2026-03-11T08:00:00', 'Wednesday, March 11'],
    ['2025-12-31T23:00:00', 'December 31, 2025'],
    ['2026-03-19T08:00:00', 'Thursday, March 19'],
  ])('%s is called %s', (wall, text) => expect(dayText(at(wall), now)).toBe(text));

  it('is the same for all times of one local day', () => {
    expect(dayOf(at('2026-03-18T00:00:00'))).toBe(dayOf(at('2026-03-18T23:59:59')));
    expect(dayOf(at('2026-03-18T00:00:00'))).not.toBe(dayOf(at('2026-03-17T23:59:59')));
  });
});

describe('the time beside a conversation', () => {
  it.each([
    ['2026-03-17T09:00:00', 'Yesterday'],
    ['2026-02-03T09:00:00', 'Feb 3'],
    ['2024-02-03T09:00:00', 'Feb 2024'],
  ])('%s is %s', (wall, text) => expect(shortWhen(at(wall), now)).toBe(text));

  it('is the time of day for today', () => {
    const wall = at('2026-03-18T09:05:00');
    expect(shortWhen(wall, now)).toBe(timeText(wall));
    expect(timeText(wall)).toContain('05');
  });
});
