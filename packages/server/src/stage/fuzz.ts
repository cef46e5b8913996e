import { encodeSignal } from '@earshot/protocol';
import type { Device } from './device.ts';

/** Numbers from 0 to below 1, the same for the same seed. */
export type Dice = () => number;

export const diceFrom = (seed: number): Dice => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const whole = (dice: Dice, below: number): number => Math.floor(dice() * below);
const pick = <T>(dice: Dice, items: readonly [T, ...T[]]): T => items[whole(dice, items.length)] ?? items[0];

/** Every message that a client can say, once. */
const seeds = (device: Device): readonly [string, ...string[]] => {
  const attempt = 'abcdefghijklmnop';
  const { device: id } = device.identity;
  const name = 'fuzz' as never;
  const target = 'bystander' as never;
  return [
    encodeSignal({ type: 'store_user', name }),
    encodeSignal({ type: 'store_user', name, data: device.claim('fuzz', new Uint8Array(16)) }),
    encodeSignal({ type: 'start_transfer', target }),
    encodeSignal({ type: 'create_offer', target, data: { sdp: 'v=0\r\n', type: 'OFFER' } }),
    encodeSignal({ type: 'create_answer', target, device: id, attempt: attempt as never, data: { sdp: 'v=0\r\n' } }),
    encodeSignal({
      type: 'ice_candidate',
      target,
      attempt: attempt as never,
      data: { sdpMLineIndex: 0, sdpMid: '0', sdpCandidate: 'candidate:1' },
    }),
    encodeSignal({ type: 'decline', target, attempt: attempt as never }),
    encodeSignal({ type: 'cancel', target, device: id, attempt: attempt as never }),
    encodeSignal({ type: 'ping' }),
  ];
};

const ODD = [
  'null',
  '{}',
  '[]',
  '""',
  '"',
  '\\',
  '1e999',
  '-0.0',
  '0.0',
  '\u0000',
  '\ud800',
  '"__proto__"',
  '"constructor"',
  '"\\ud800"',
  '\u202e',
  '😀',
  '{"type":',
  '}',
] as const;

const mutate = (dice: Dice, text: string): string => {
  const at = whole(dice, text.length + 1);
  const to = at + whole(dice, 12);
  switch (whole(dice, 5)) {
    case 0:
      return text.slice(0, at) + text.slice(to);
    case 1:
      return text.slice(0, at) + pick(dice, ODD) + text.slice(at);
    case 2:
      return text.slice(0, at) + pick(dice, ODD) + text.slice(to);
    case 3:
      return text.slice(0, at) + text.slice(at, to).repeat(whole(dice, 20)) + text.slice(at);
    default:
      return text.slice(0, at) + String.fromCharCode(whole(dice, 0x3000)) + text.slice(at + 1);
  }
};

const randomJson = (dice: Dice, depth: number): unknown => {
  switch (whole(dice, depth > 0 ? 8 : 5)) {
    case 0:
      return null;
    case 1:
      return dice() < 0.5;
    case 2:
      return (dice() - 0.5) * 10 ** whole(dice, 40);
    case 3:
      return pick(dice, ['ping', 'store_user', 'create_offer', 'bystander', 'fuzz', '', '\u200b']);
    case 4:
      return String.fromCharCode(...Array.from({ length: whole(dice, 20) }, () => whole(dice, 0x10000)));
    case 5:
      return Array.from({ length: whole(dice, 5) }, () => randomJson(dice, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: whole(dice, 6) }, () => [
          pick(dice, ['type', 'name', 'target', 'data', 'device', 'attempt', 'sdp', 'key', '__proto__', 'toString']),
          randomJson(dice, depth - 1),
        ]),
      );
  }
};

/** Frames near to what a client says, and far from it. */
export const fuzzFrames = (dice: Dice, device: Device): (() => string | Uint8Array) => {
  const valid = seeds(device);
  return () => {
    const kind = dice();
    if (kind < 0.05) return Uint8Array.from({ length: whole(dice, 200) }, () => whole(dice, 256));
    if (kind < 0.25) return JSON.stringify(randomJson(dice, 4));
    let text = pick(dice, valid);
    for (let i = whole(dice, 4); i > 0; i--) text = mutate(dice, text);
    return text;
  };
};

/** Bytes that no WebSocket client writes: wrong opcodes, lengths, masks, fragments. */
export const fuzzBytes = (dice: Dice): Buffer => {
  const bytes = Buffer.from(Array.from({ length: 1 + whole(dice, 60) }, () => whole(dice, 256)));
  // Mostly a plausible head, so that more than the first check is met.
  if (dice() < 0.7) bytes[0] = pick(dice, [0x81, 0x82, 0x01, 0x80, 0x88, 0x89, 0x8a, 0xc1, 0x83]);
  if (dice() < 0.7 && bytes.length > 1) bytes[1] = 0x80 | whole(dice, 128);
  return bytes;
};
