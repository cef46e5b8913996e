import type { Person } from './person.ts';

/** One reaches the other, who accepts; both see the line. Each has the conversation open at the end. */
export const meet = async (caller: Person, callee: Person): Promise<void> => {
  await caller.connect(callee.name);
  await callee.accept(caller.name);
  await Promise.all([caller.seesLine('Direct'), callee.seesLine('Direct')]);
};
