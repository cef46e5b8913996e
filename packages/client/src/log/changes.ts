import type { DeviceId } from '@earshot/protocol';
import type { Draft } from './draft.ts';
import type { Logs } from './stored.ts';
import type { LogChange } from './types.ts';
import { comparePlaces } from './vector.ts';
import { loggedMessage, type ReadEntry } from './verify.ts';

/** What a commit changed, as those who follow the conversation hear it. */
export const changesOf = (draft: Draft, self: DeviceId): readonly LogChange[] => [
  ...entryChanges([...draft.fresh.values()], self),
  ...draft.forks.map(({ log }): LogChange => ({ type: 'forked', log })),
  ...(draft.acknowledging.size > 0 ? [{ type: 'acknowledged' } as const] : []),
];

/** What turned out to have changed when the store was read again. */
export const changesBetween = (
  before: Logs,
  after: Logs,
  fresh: readonly ReadEntry[],
  self: DeviceId,
): readonly LogChange[] => {
  const forked = [...after.forked].filter(([key]) => !before.forked.has(key));
  return [
    ...entryChanges(fresh, self),
    ...forked.map(([, log]): LogChange => ({ type: 'forked', log })),
    { type: 'acknowledged' },
  ];
};

const entryChanges = (fresh: readonly ReadEntry[], self: DeviceId): readonly LogChange[] => {
  const messages = [...fresh].map(loggedMessage).sort((a, b) => comparePlaces(a.place, b.place));
  const own = messages.filter(({ place }) => place.author === self);
  const others = messages.filter(({ place }) => place.author !== self);
  return [
    ...(own.length > 0 ? [{ type: 'appended', messages: own } as const] : []),
    ...(others.length > 0 ? [{ type: 'received', messages: others } as const] : []),
  ];
};
