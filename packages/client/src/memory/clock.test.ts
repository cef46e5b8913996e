import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockConformance } from '../conformance/clock.ts';
import { createVirtualClock, VirtualTime } from './clock.ts';

test.each(clockConformance.map((check) => [check.name, check] as const))('%s', async (_, check) => {
  const clock = createVirtualClock();
  await check.run({ clock, pass: async (ms) => clock.advance(ms) });
});

test('however many timers there are, they run by moment and then by order of setting', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(50), fc.boolean()), { maxLength: 200 }), (timers) => {
      const time = new VirtualTime();
      const clock = time.clock();
      const ran: number[] = [];
      const cancels = timers.map(([ms], i) => clock.after(ms, () => ran.push(i)));
      timers.forEach(([, cancelled], i) => {
        if (cancelled) cancels[i]?.();
      });
      expect(clock.waiting).toBe(timers.filter(([, cancelled]) => !cancelled).length);
      while (time.step());
      const expected = timers
        .map(([ms, cancelled], i) => ({ ms, cancelled, i }))
        .filter(({ cancelled }) => !cancelled)
        .sort((a, b) => a.ms - b.ms || a.i - b.i)
        .map(({ i }) => i);
      expect(ran).toEqual(expected);
      expect(clock.waiting).toBe(0);
    }),
  );
});

test('clocks of one time share its passing, not its wall, and die alone', () => {
  const time = new VirtualTime();
  const [a, b] = [time.clock(1_000), time.clock(2_000)];
  const ran: string[] = [];
  a.after(5, () => ran.push('a'));
  b.after(5, () => ran.push('b'));
  b.jump(-1_500);
  a.kill();
  time.advance(10);
  expect(ran).toEqual(['b']);
  expect([a.now(), b.now(), a.elapsed(), b.elapsed()]).toEqual([1_010, 510, 10, 10]);
});
