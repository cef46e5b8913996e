import type { Crypto } from '@earshot/client';
import type { ConversationId, DeviceId } from '@earshot/protocol';
import { planOf } from '../schedule/plan.ts';
import { runSeed } from '../schedule/run.ts';
import { Trace } from '../trace.ts';
import { Server } from '../world/server.ts';
import { World } from '../world/world.ts';
import { checkBounds } from './bounds.ts';
import { agree, Display, type ShownConversation, type ShownMessage } from './display.ts';
import { Ledger } from './ledger.ts';
import { Numbers } from './numbers.ts';
import { type Invariant, Violation } from './violation.ts';

/** Something wrong that an invariant's checker must see. */
interface Case {
  readonly name: string;
  readonly invariant: Invariant;
  /** Throws or answers the violation that it saw. */
  run(): unknown;
}

const QUIET_SEED = 4;

/** Ann, who wrote a1 and then a2 to bob, and bob, who wrote b1 after a1; a1 and b1 are on the other's disk. */
const device = (name: string): { display: Display; ledger: Ledger } => {
  const ledger = new Ledger();
  for (const [text, author, after] of [
    ['a1', 'ann', []],
    ['b1', 'bob', ['a1']],
    ['a2', 'ann', ['a1', 'b1']],
    ['no', 'ann', []],
  ] as const) {
    const written = ledger.write({ text, author, audience: author === 'ann' ? 'bob' : 'ann', after });
    written.outcome = text === 'no' ? 'refused' : 'accepted';
  }
  return { display: new Display(name, { ledger, onDisk: (_, text) => text !== 'a2' }), ledger };
};

const message = (text: string, state: ShownMessage['state'], id = text): ShownMessage => ({ id, text, state });
const mine = (text: string): ShownMessage => message(text, 'queued');
const theirs = (text: string): ShownMessage => message(text, null);
const withOther = (other: string | null, ...messages: ShownMessage[]): ShownConversation => ({
  key: `with ${other}`,
  other,
  messages,
  complete: true,
});

/** What ann's screen shows, one screen after another. */
const screens = (...shown: readonly (readonly ShownConversation[])[]): void => {
  const { display } = device('ann');
  for (const conversations of shown) display.check(conversations);
};

const at = (seq: number, conversation = 'c') => ({
  conversation: conversation as ConversationId,
  author: 'd' as DeviceId,
  epoch: 0,
  seq,
});

const CASES: readonly Case[] = [
  {
    name: 'a text twice in one conversation',
    invariant: 'once',
    run: () => screens([withOther('bob', mine('a1'), message('a1', 'queued', 'x'))]),
  },
  {
    name: 'a text in two conversations',
    invariant: 'once',
    run: () => screens([withOther('bob', mine('a1')), withOther(null, mine('a1'))]),
  },
  {
    name: 'two messages with one id',
    invariant: 'once',
    run: () => screens([withOther('bob', mine('a1'), message('b1', null, 'a1'))]),
  },
  {
    name: 'an answer before its question',
    invariant: 'order',
    run: () => screens([withOther('bob', theirs('b1'), mine('a1'))]),
  },
  { name: 'an answer without its question', invariant: 'order', run: () => screens([withOther('bob', theirs('b1'))]) },
  {
    name: 'a text that is gone',
    invariant: 'stays',
    run: () => screens([withOther('bob', mine('a1'), theirs('b1'))], [withOther('bob', mine('a1'))]),
  },
  {
    name: 'a text that was promised and never came',
    invariant: 'stays',
    run: () => {
      const { display } = device('ann');
      display.promised('a1');
      display.check([withOther('bob')]);
    },
  },
  {
    name: 'delivered, and then queued again',
    invariant: 'forward',
    run: () => screens([withOther('bob', message('a1', 'delivered'))], [withOther('bob', mine('a1'))]),
  },
  {
    name: 'delivered, and nowhere on the other’s disk',
    invariant: 'durable',
    run: () => screens([withOther('bob', mine('a1'), theirs('b1'), message('a2', 'delivered'))]),
  },
  { name: 'a text of nobody', invariant: 'genuine', run: () => screens([withOther('bob', theirs('x'))]) },
  { name: 'a text that was refused', invariant: 'genuine', run: () => screens([withOther('bob', mine('no'))]) },
  { name: 'one’s own text as the other’s', invariant: 'genuine', run: () => screens([withOther('bob', theirs('a1'))]) },
  { name: 'the other’s text as one’s own', invariant: 'genuine', run: () => screens([withOther('bob', mine('b1'))]) },
  {
    name: 'a text to bob in the conversation with cyd',
    invariant: 'private',
    run: () => screens([withOther('cyd', mine('a1'))]),
  },
  {
    name: 'a text to bob on cyd’s screen',
    invariant: 'private',
    run: () => device('cyd').display.check([withOther('ann', theirs('a1'))]),
  },
  {
    name: 'two screens, two orders',
    invariant: 'agrees',
    run: () => agree([mine('a1'), mine('a2'), theirs('b1')], [theirs('a1'), mine('b1'), theirs('a2')], 'ann and bob'),
  },
  {
    name: 'one number, two entries',
    invariant: 'numbers',
    run: () => {
      const numbers = new Numbers();
      numbers.saw(at(1), 'x');
      numbers.saw(at(1, 'other'), 'y');
      numbers.saw(at(2), 'y');
      numbers.saw(at(1), 'x');
      numbers.saw(at(1), 'y');
    },
  },
  ...(['timers', 'connections', 'requests'] as const).map(
    (what): Case => ({
      name: `too many ${what}`,
      invariant: 'bounded',
      run: () => checkBounds({ who: 'ann', timers: 3, connections: 1, conversations: 1, requests: 0, [what]: 100 }),
    }),
  ),
  {
    name: 'a promise that is rejected unheard',
    invariant: 'quiet',
    run: () => sabotaged(() => void Promise.reject(new Error('sabotage'))),
  },
  {
    name: 'a callback that throws on its own',
    invariant: 'quiet',
    run: () =>
      sabotaged(() =>
        queueMicrotask(() => {
          throw new Error('sabotage');
        }),
      ),
  },
  {
    name: 'a text that never arrives',
    invariant: 'arrives',
    run: () =>
      sabotaged(({ ledger }) => {
        ledger.write({ text: 'lost', author: 'ann', audience: 'bob', after: [] }).outcome = 'accepted';
      }),
  },
  { name: 'a server that throws', invariant: 'server', run: throwingServer },
];

/** A run in which all is well but for this. */
const sabotaged = async (sabotage: (world: World) => void): Promise<unknown> => {
  const { violation } = await runSeed(QUIET_SEED, { sabotage });
  return violation && new Violation(violation.invariant, violation.what);
};

function throwingServer(): unknown {
  const world = new World(QUIET_SEED, planOf(QUIET_SEED), new Trace(false));
  let seen: Violation | null = null;
  const crypto: Crypto = {
    ...world.crypto,
    random: () => {
      throw new Error('sabotage');
    },
  };
  const { time, clock, passes } = world;
  const server = new Server(
    { time, clock, crypto, passes: (frame) => passes.call(world, frame), broke: (violation) => (seen = violation) },
    () => 1,
  );
  server.sockets.port('ann').open({ opened: () => undefined, received: () => undefined, closed: () => undefined });
  time.advance(10);
  return seen;
}

/** Shows every invariant's checker something wrong. Answers what went unseen: nothing, unless a checker is blind. */
export const unseen = async (): Promise<readonly string[]> => {
  const missed: string[] = [];
  for (const { name, invariant, run } of CASES) {
    const seen = await Promise.resolve()
      .then(run)
      .catch((error: unknown) => error);
    if (!(seen instanceof Violation) || seen.invariant !== invariant) missed.push(`${invariant}: ${name}`);
  }
  try {
    screens([withOther('bob', message('a1', 'delivered'), theirs('b1'), mine('a2'))]);
    agree([mine('a1'), mine('a2'), theirs('b1')], [theirs('a1'), theirs('a2')], 'ann and bob');
  } catch (error) {
    missed.push(`what is right is taken for wrong: ${String(error)}`);
  }
  const { violation } = await runSeed(QUIET_SEED);
  if (violation) missed.push(`a run in which all is well: ${violation.what}`);
  return missed;
};
