import { CHANNEL_HIGH_WATER_BYTES, CHANNEL_LOW_WATER_BYTES, PEER_FRAME_MAX_BYTES, utf8 } from '@earshot/protocol';
import { closing, End, expect, join, opened, type RtcCheck, until } from './rtc-ends.ts';
import { descriptionChecks, openingChecks } from './rtc-opening.ts';

export type { RtcCheck, RtcPair } from './rtc-ends.ts';

const bytes = (length: number, start: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + start) & 255);
const same = (a: Uint8Array | undefined, b: Uint8Array): boolean => a?.toString() === b.toString();

const MESSAGES = 1_000;

const messages: readonly RtcCheck[] = [
  {
    name: 'carries messages of every size, whole, both ways',
    async run(pair) {
      const [a, b] = await opened(pair);
      const sizes = [1, 2, 1_200, 16_384, PEER_FRAME_MAX_BYTES];
      for (const [i, size] of sizes.entries()) {
        expect(a.connection.send(bytes(size, i)), `a refused ${size} bytes`);
        expect(b.connection.send(bytes(size, i + 100)), `b refused ${size} bytes`);
      }
      await until(pair, () => a.messages.length + b.messages.length === 2 * sizes.length, 'all there');
      for (const [i, size] of sizes.entries()) {
        expect(same(b.messages[i], bytes(size, i)), `${size} bytes arrived changed`);
        expect(same(a.messages[i], bytes(size, i + 100)), `${size} bytes arrived changed`);
      }
      await closing([a, b]);
    },
  },
  {
    name: 'sends the bytes of a part of a buffer, as they were when it took them',
    async run(pair) {
      const [a, b] = await opened(pair);
      const buffer = Uint8Array.of(0, 1, 2, 3, 0);
      a.connection.send(buffer.subarray(1, 4));
      buffer.fill(9);
      await until(pair, () => b.messages.length === 1, 'there');
      expect(same(b.messages[0], Uint8Array.of(1, 2, 3)), 'arrived changed');
      await closing([a, b]);
    },
  },
  {
    name: 'keeps the order, and delivers once',
    async run(pair) {
      const [a, b] = await opened(pair);
      for (let i = 0; i < MESSAGES; i++) a.connection.send(Uint8Array.of(i >> 8, i & 255));
      await until(pair, () => b.messages.length >= MESSAGES, 'all there');
      await pair.pass(100);
      expect(b.messages.length === MESSAGES, 'some came twice');
      b.messages.forEach((message, i) => expect(same(message, Uint8Array.of(i >> 8, i & 255)), 'out of order'));
      await closing([a, b]);
    },
  },
  {
    name: 'takes nothing before it is open, and opens before it hears anything',
    async run(pair) {
      const [a, b] = [new End(pair.a), new End(pair.b)];
      expect(!a.connection.send(Uint8Array.of(1)), 'took a message while new');
      await join(a, b);
      a.onMessage = (data) => void a.connection.send(data);
      await until(pair, () => b.connection.send(Uint8Array.of(1)), 'open');
      expect(b.open, 'took a message before it said that it was open');
      await until(pair, () => b.messages.length === 1, 'there and back');
      for (const end of [a, b])
        expect(end.log.indexOf('opened') < end.log.indexOf('received'), 'heard before it was open');
      await closing([a, b]);
    },
  },
  {
    name: 'says what waits, and when it has room again',
    async run(pair) {
      const [a, b] = await opened(pair);
      const message = bytes(PEER_FRAME_MAX_BYTES, 0);
      let sent = 0;
      while (a.connection.buffered() < CHANNEL_HIGH_WATER_BYTES && sent < 4_000) {
        expect(a.connection.send(message), 'refused below the high-water mark');
        sent++;
      }
      expect(a.connection.buffered() >= CHANNEL_HIGH_WATER_BYTES, 'never had anything waiting');
      await until(pair, () => a.log.includes('drained'), 'drained');
      expect(a.connection.buffered() <= CHANNEL_LOW_WATER_BYTES, 'drained above the low-water mark');
      await until(pair, () => b.messages.length === sent, 'all there');
      await closing([a, b]);
    },
  },
  {
    name: 'knows the path once there is one',
    async run(pair) {
      const [a, b] = [new End(pair.a), new End(pair.b)];
      expect((await a.connection.path()) === null, 'a path before there was one');
      await join(a, b);
      await until(pair, () => a.open && b.open, 'open on both sides');
      for (const { connection } of [a, b]) {
        let path = await connection.path();
        for (let i = 0; path === null && i < 50; i++) {
          await pair.pass(40);
          path = await connection.path();
        }
        expect(path?.kind === 'direct', `the path is ${path?.kind}`);
        expect(path?.roundTripMs === null || (path?.roundTripMs ?? -1) >= 0, 'a negative round trip');
      }
      await closing([a, b]);
    },
  },
];

const plain: readonly RtcCheck[] = [
  {
    name: 'plain: each side sends on its own channel and hears the other’s, as text',
    async run(pair) {
      const [a, b] = await opened(pair, { channel: 'plain' });
      const texts = ['hello', 'grüß dich 👋', 'x'.repeat(10_000)];
      for (const text of texts) {
        expect(a.connection.send(utf8(text)), 'a refused a text');
        expect(b.connection.send(utf8(text)), 'b refused a text');
      }
      await until(pair, () => a.messages.length + b.messages.length === 2 * texts.length, 'all there');
      for (const [i, text] of texts.entries()) {
        expect(same(a.messages[i], utf8(text)) && same(b.messages[i], utf8(text)), 'a text arrived changed');
      }
      await closing([a, b]);
    },
  },
];

const ends: readonly RtcCheck[] = [
  {
    name: 'is heard closing by the other side, and hears nothing itself',
    async run(pair) {
      const [a, b] = await opened(pair);
      await pair.pass(100);
      const said = a.log.length;
      a.connection.close();
      a.connection.close();
      expect(!a.connection.send(Uint8Array.of(1)), 'took a message after the end');
      await until(pair, () => b.gone, 'heard by the other side');
      expect(b.log.includes('channelClosed') || b.states.at(-1) === 'closed', 'the other side takes it for a fault');
      await until(pair, () => !b.connection.send(Uint8Array.of(1)), 'refused by the other side');
      expect(a.log.length === said, `said ${a.log.slice(said).join()} after the end`);
      expect((await a.connection.path()) === null, 'a path after the end');
      expect(a.connection.buffered() >= 0, 'no number');
      await closing([b]);
    },
  },
  {
    name: 'falls silent in the middle of a message’s handler',
    async run(pair) {
      const [a, b] = await opened(pair);
      b.onMessage = () => b.connection.close();
      for (let i = 0; i < 20; i++) a.connection.send(Uint8Array.of(i));
      await until(pair, () => b.messages.length > 0, 'heard');
      await pair.pass(200);
      expect(b.messages.length === 1, `heard ${b.messages.length} messages`);
      await closing([a]);
    },
  },
  {
    name: 'falls silent while it gathers',
    async run(pair) {
      const a = new End(pair.a);
      await a.connection.offer();
      a.connection.close();
      const said = a.log.length;
      await pair.pass(300);
      expect(a.log.length === said, 'said something after the end');
    },
  },
];

/** What every {@link RtcPort} does, whatever is under it. */
export const rtcConformance: readonly RtcCheck[] = [
  ...openingChecks,
  ...descriptionChecks,
  ...messages,
  ...plain,
  ...ends,
];
