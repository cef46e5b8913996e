import type { AttemptId, DeviceId, Key, PersonId } from '@earshot/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Line, type LineEffect, type LineEvent, ownOfferWins, RESTING, stepLine } from './line.ts';

const mine = 'mine' as AttemptId;
const theirs = 'theirs' as AttemptId;
const other = 'other' as AttemptId;
const peer: Key = { person: 'p' as PersonId, device: 'd' as DeviceId };

const looking: Line = { state: 'looking', tries: 0 };
const asking: Line = { state: 'calling', attempt: mine, peer, phase: 'asking', tries: 0, asked: 1 };
const opening: Line = { ...asking, phase: 'opening' };
const answering: Line = { state: 'answering', attempt: theirs, phase: 'opening', tries: 0 };
const open: Line = { state: 'open', attempt: mine, rival: null };
const challenged: Line = { ...open, rival: { attempt: theirs, phase: 'opening' } };
const declined: Line = { state: 'resting', why: 'declined', tries: 0 };
const held: Line = { state: 'resting', why: 'held', tries: 0 };

const types = (effects: readonly LineEffect[]): string[] =>
  effects.map((effect) => ('attempt' in effect ? `${effect.type} ${effect.attempt}` : effect.type));

describe('the way of a line', () => {
  const table: [string, Line, LineEvent, Partial<Line>, string[]][] = [
    ['wanted at rest: looks', RESTING, { type: 'wanted' }, looking, ['look', 'timer']],
    ['declined: stays until somebody wants it', declined, { type: 'timer' }, declined, []],
    ['declined, wanted again: looks', declined, { type: 'wanted' }, looking, ['look', 'timer']],
    [
      'nobody there: rests and tries later',
      looking,
      { type: 'not_found' },
      { state: 'resting', why: 'away', tries: 1 },
      ['timer'],
    ],
    [
      'the server says nothing: rests',
      looking,
      { type: 'timer' },
      { state: 'resting', why: 'away', tries: 1 },
      ['timer'],
    ],
    ['found: calls', looking, { type: 'found', peer, attempt: mine }, asking, ['call mine', 'timer']],
    ['found while not looking: nothing', open, { type: 'found', peer, attempt: other }, open, []],
    ['unanswered: says it again', asking, { type: 'timer' }, { ...asking, asked: 2 }, ['repeat mine', 'timer']],
    [
      'unanswered by a plain client: waits without nagging',
      { ...asking, peer: null },
      { type: 'timer' },
      { ...asking, peer: null, asked: 2 },
      ['timer'],
    ],
    [
      'unanswered for too long: takes it back',
      { ...asking, asked: 12 },
      { type: 'timer' },
      { state: 'resting', why: 'away' },
      ['drop mine', 'timer'],
    ],
    ['answered: opens', asking, { type: 'answered', attempt: mine }, opening, ['no_timer']],
    ['answered twice: once', opening, { type: 'answered', attempt: mine }, opening, []],
    ['declined: rests until wanted', asking, { type: 'declined', attempt: mine }, declined, ['no_timer', 'drop mine']],
    ['declined for an old attempt: nothing', asking, { type: 'declined', attempt: other }, asking, []],
    [
      'gone meanwhile: rests',
      asking,
      { type: 'unavailable', attempt: mine },
      { state: 'resting', why: 'away' },
      ['drop mine', 'timer'],
    ],
    [
      'both call, own offer stands: says it again',
      asking,
      { type: 'offered', attempt: theirs, ownWins: true },
      asking,
      ['repeat mine'],
    ],
    [
      'both call, the other offer stands: yields',
      asking,
      { type: 'offered', attempt: theirs, ownWins: false },
      answering,
      ['drop mine', 'no_timer', 'answer theirs'],
    ],
    [
      'an offer after the answer means that they began anew',
      opening,
      { type: 'offered', attempt: theirs, ownWins: true },
      answering,
      ['drop mine', 'no_timer', 'answer theirs'],
    ],
    [
      'the same offer again: the answer again',
      answering,
      { type: 'offered', attempt: theirs, ownWins: true },
      answering,
      ['repeat theirs'],
    ],
    ['proved: talks', opening, { type: 'secured', attempt: mine }, open, ['no_timer', 'use mine']],
    [
      'a rival is tried beside the open session',
      open,
      { type: 'offered', attempt: theirs, ownWins: false },
      challenged,
      ['answer theirs'],
    ],
    [
      'a replayed offer of the open session: nothing',
      open,
      { type: 'offered', attempt: mine, ownWins: false },
      open,
      [],
    ],
    [
      'a proved rival takes over',
      challenged,
      { type: 'secured', attempt: theirs },
      { state: 'open', attempt: theirs, rival: null },
      ['drop mine', 'no_timer', 'use theirs'],
    ],
    [
      'a rival that fails leaves the open session alone',
      challenged,
      { type: 'ended', attempt: theirs, reason: 'not_proved' },
      open,
      [],
    ],
    [
      'the open session ends while a rival is tried',
      challenged,
      { type: 'ended', attempt: mine, reason: 'lost' },
      answering,
      [],
    ],
    [
      'lost: mends soon',
      open,
      { type: 'ended', attempt: mine, reason: 'lost' },
      { state: 'resting', why: 'away', tries: 1 },
      ['timer'],
    ],
    ['held: everything ends', challenged, { type: 'hold' }, held, ['drop mine', 'drop theirs', 'no_timer']],
    [
      'held: an offer that was let in is answered',
      held,
      { type: 'offered', attempt: theirs, ownWins: false },
      answering,
      ['no_timer', 'answer theirs'],
    ],
  ];

  test.each(table)('%s', (_, line, event, expected, effects) => {
    const step = stepLine(line, event);
    expect(step.line).toMatchObject(expected);
    expect(types(step.effects)).toEqual(effects);
  });

  test('whatever happens, attempts that leave the line are dropped or over, and only a proved one is used', () => {
    const attempts = fc.constantFrom(mine, theirs, other);
    const event = fc.oneof<fc.Arbitrary<LineEvent>[]>(
      fc.constantFrom<LineEvent>({ type: 'wanted' }, { type: 'not_found' }, { type: 'timer' }, { type: 'hold' }),
      fc.record({ type: fc.constant('found' as const), attempt: attempts, peer: fc.constantFrom(peer, null) }),
      fc.record({ type: fc.constant('offered' as const), attempt: attempts, ownWins: fc.boolean() }),
      fc.record({
        type: fc.constantFrom('answered', 'opened', 'secured', 'declined', 'unavailable'),
        attempt: attempts,
      }),
      fc.record({
        type: fc.constant('ended' as const),
        attempt: attempts,
        reason: fc.constantFrom('lost', 'left', 'not_proved'),
      }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let line: Line = RESTING;
        const running = (of: Line): AttemptId[] =>
          'attempt' in of ? [of.attempt, ...(of.state === 'open' && of.rival ? [of.rival.attempt] : [])] : [];
        for (const next of events) {
          const before = running(line);
          const { line: after, effects } = stepLine(line, next);
          for (const attempt of before) {
            const over = next.type === 'ended' && next.attempt === attempt;
            const dropped = effects.some((effect) => effect.type === 'drop' && effect.attempt === attempt);
            if (!running(after).includes(attempt)) expect(over || dropped).toBe(true);
          }
          for (const effect of effects)
            if (effect.type === 'use') expect(next).toMatchObject({ type: 'secured', attempt: effect.attempt });
          line = after;
        }
      }),
    );
  });
});

test('exactly one of two offers stands', () => {
  const a: Key = { person: 'a' as PersonId, device: 'a' as DeviceId };
  expect(ownOfferWins(a, peer)).not.toBe(ownOfferWins(peer, a));
});
