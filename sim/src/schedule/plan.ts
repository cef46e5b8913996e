import type { CommitFate } from '@earshot/client/memory';
import { createDice, type Dice } from '../dice.ts';
import type { Attack } from '../world/hostile-server.ts';

/** What goes wrong in a run. A run has few of these, so that each gets the room to do harm. */
export const FAULTS = [
  'signalling',
  'peer_links',
  'disk',
  'reloads',
  'server',
  'tabs',
  'clocks',
  'manners',
  'mischief',
] as const;
export type Fault = (typeof FAULTS)[number];

export type Told = 'both' | 'client' | 'server';
export type Reach = 'direct' | 'relay' | 'cut';

/** Something that happens. `who` and `other` are places in the list of people. */
export type Deed =
  | { readonly what: 'write' | 'connect'; readonly who: number; readonly other: number }
  /** More at once than a sync's window takes. */
  | { readonly what: 'burst'; readonly who: number; readonly other: number; readonly texts: number }
  | { readonly what: 'cut' | 'heal' | 'network_changed' | 'retry'; readonly who: number }
  | { readonly what: 'reset'; readonly who: number; readonly told: Told }
  | { readonly what: 'link'; readonly who: number; readonly other: number; readonly reach: Reach }
  | { readonly what: 'online' | 'offline'; readonly who: number }
  | { readonly what: 'doom'; readonly who: number; readonly after: number; readonly fate: CommitFate }
  | { readonly what: 'fill' | 'empty'; readonly who: number }
  | { readonly what: 'kill' | 'close' | 'start' | 'second_tab'; readonly who: number }
  | { readonly what: 'end_older'; readonly who: number; readonly how: 'closed' | 'killed' }
  | { readonly what: 'server_down' }
  | { readonly what: 'server_up'; readonly holds: 'holds_kept' | 'holds_lost' }
  | { readonly what: 'jump'; readonly who: number; readonly ms: number }
  | { readonly what: 'mischief_begins' | 'mischief_ends'; readonly who: number };

export interface Step {
  /** ms since the beginning. */
  readonly at: number;
  readonly deed: Deed;
}

export interface Plan {
  readonly people: 2 | 3;
  readonly faults: ReadonlySet<Fault>;
  readonly server: 'honest' | Attack;
  readonly steps: readonly Step[];
  /** When everything heals, ms. */
  readonly healAt: number;
  /** Whether the platforms say so when everything heals. */
  readonly healingTold: boolean;
  /** Whether everybody's processes are killed and started again at the very end. */
  readonly lastCrash: boolean;
}

const HOSTILE = 0.2;
const BURSTS = 0.02;
const DAY_MS = 86_400_000;

/** How long until the next thing happens, ms: mostly at once, seldom long enough for time-outs. */
const gap = (dice: Dice): number => {
  const kind = dice.fraction();
  if (kind < 0.4) return dice.between(0, 30);
  if (kind < 0.72) return dice.between(30, 600);
  if (kind < 0.93) return dice.between(600, 4_000);
  return dice.between(4_000, 40_000);
};

/** The whole run, decided before it begins. */
export const planOf = (seed: number): Plan => {
  const dice = createDice(seed, 1);
  const server = dice.chance(HOSTILE) ? dice.pick<Attack>(['noise', 'noise', 'middle', 'redirect']) : 'honest';
  const people = server === 'redirect' || dice.chance(0.2) ? 3 : 2;
  const faults = new Set(FAULTS.filter(() => dice.chance(0.3)));
  const steps: Step[] = [];
  let at = 0;
  for (let who = 0; who < people; who++) steps.push({ at: (at += dice.between(0, 60)), deed: { what: 'start', who } });
  at += dice.between(0, 200);
  for (const deed of beginnings(dice, people))
    steps.push({ at: (at += dice.chance(0.6) ? dice.between(0, 40) : gap(dice)), deed });
  if (dice.chance(BURSTS)) {
    const who = dice.between(0, people - 1);
    steps.push({
      at: (at += gap(dice)),
      deed: { what: 'burst', who, other: (who + 1) % people, texts: dice.between(65, 150) },
    });
  }
  const deeds = dice.between(5, 13);
  for (let i = 0; i < deeds; i++) {
    at += gap(dice);
    const [deed, repair] = oneOf(dice, people, faults);
    steps.push({ at, deed });
    if (repair && dice.chance(0.75)) steps.push({ at: at + gap(dice) + dice.between(0, 2_000), deed: repair });
  }
  steps.sort((a, b) => a.at - b.at);
  return {
    people,
    faults,
    server,
    steps,
    healAt: at + gap(dice),
    healingTold: dice.chance(0.3),
    lastCrash: dice.chance(0.25),
  };
};

/** Who reaches for whom, and what they write at once. */
const beginnings = (dice: Dice, people: number): Deed[] => {
  const deeds: Deed[] = [];
  for (let who = 0; who < people; who++) {
    for (let other = 0; other < people; other++) {
      if (other === who || !dice.chance(who < other ? 0.85 : 0.4)) continue;
      deeds.push({ what: 'connect', who, other });
      for (let texts = dice.between(0, 2); texts > 0; texts--) deeds.push({ what: 'write', who, other });
    }
  }
  if (!deeds.some(({ what }) => what === 'connect')) deeds.unshift({ what: 'connect', who: 0, other: 1 });
  return deeds;
};

type Act = readonly [deed: Deed, repair: Deed | null];

const oneOf = (dice: Dice, people: number, faults: ReadonlySet<Fault>): Act => {
  const who = dice.between(0, people - 1);
  const other = (who + dice.between(1, people - 1)) % people;
  const fault = dice.chance(0.5) ? dice.pickAny([...faults]) : undefined;
  if (fault === undefined) {
    return [{ what: dice.chance(0.9) ? 'write' : dice.chance(0.7) ? 'connect' : 'retry', who, other }, null];
  }
  return BAD[fault](dice, who, other);
};

const FATES: readonly [CommitFate, ...CommitFate[]] = [
  'crash_before',
  'crash_after',
  'crash_before',
  'crash_after',
  'full',
  'broken_before',
  'broken_after',
];

/** One of each fault, with what mends it. */
const BAD: Record<Fault, (dice: Dice, who: number, other: number) => Act> = {
  signalling: (dice, who) =>
    dice.pick<Act>([
      [
        { what: 'cut', who },
        { what: 'heal', who },
      ],
      [{ what: 'reset', who, told: dice.pick(['both', 'client', 'server']) }, null],
      [{ what: 'network_changed', who }, null],
    ]),
  peer_links: (dice, who, other) =>
    dice.pick<Act>([
      [
        { what: 'link', who, other, reach: dice.pick(['cut', 'cut', 'relay']) },
        { what: 'link', who, other, reach: 'direct' },
      ],
      [
        { what: 'offline', who },
        { what: 'online', who },
      ],
    ]),
  disk: (dice, who) =>
    dice.chance(0.8)
      ? [{ what: 'doom', who, after: dice.between(0, 3), fate: dice.pick(FATES) }, null]
      : [
          { what: 'fill', who },
          { what: 'empty', who },
        ],
  reloads: (dice, who) => [
    { what: dice.pick(['kill', 'kill', 'close']), who },
    { what: 'start', who },
  ],
  server: (dice) => [
    { what: 'server_down' },
    { what: 'server_up', holds: dice.chance(0.6) ? 'holds_kept' : 'holds_lost' },
  ],
  tabs: (dice, who) => [
    { what: 'second_tab', who },
    { what: 'end_older', who, how: dice.pick(['closed', 'killed']) },
  ],
  clocks: (dice, who) => [
    { what: 'jump', who, ms: dice.pick([-60_000, 60_000, -DAY_MS, 400 * DAY_MS, -40 * 365 * DAY_MS - DAY_MS]) },
    null,
  ],
  manners: (_, who, other) => [
    { what: 'connect', who, other },
    { what: 'retry', who },
  ],
  mischief: (_, who) => [
    { what: 'mischief_begins', who },
    { what: 'mischief_ends', who },
  ],
};
