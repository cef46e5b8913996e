import { CHANNEL_HIGH_WATER_BYTES, CHANNEL_LOW_WATER_BYTES, PEER_FRAME_MAX_BYTES, utf8 } from '@earshot/protocol';
import { RtcError, type RtcFault } from '../ports/index.ts';
import { anew, End, join, opened, type RtcPair, until } from './rtc-ends.ts';

export type { RtcPair } from './rtc-ends.ts';

/** One thing that every adapter of a port must do. `run` throws where it doesn't. It closes what it has opened. */
export interface RtcCheck {
  readonly name: string;
  run(pair: RtcPair): Promise<void>;
}

const expect = (condition: boolean, what: string): void => {
  if (!condition) throw new Error(what);
};

const faultOf = async (promise: Promise<unknown>): Promise<RtcFault | 'none' | 'unknown'> =>
  promise.then(
    () => 'none' as const,
    (error: unknown) => (error instanceof RtcError ? error.fault : 'unknown'),
  );

const bytes = (length: number, start: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + start) & 255);
const same = (a: Uint8Array | undefined, b: Uint8Array): boolean => a?.toString() === b.toString();

const MESSAGES = 1_000;

const closing = async (ends: readonly End[]): Promise<void> => {
  for (const end of ends) end.connection.close();
};

const opening: readonly RtcCheck[] = [
  {
    name: 'opens from an offer, an answer and candidates that come after them',
    async run(pair) {
      const ends = await opened(pair);
      for (const end of ends) {
        await until(pair, () => end.states.at(-1) === 'connected', 'connected');
        expect(end.log.filter((said) => said === 'opened').length === 1, 'opened more than once');
        expect(!end.gone, 'gone already');
      }
      await closing(ends);
    },
  },
  {
    name: 'opens where only one side’s candidates get through',
    async run(pair) {
      const [a, b] = [new End(pair.a), new End(pair.b)];
      const answer = await b.connection.answer(anew('offer', await a.connection.offer()));
      await a.connection.accept(anew('answer', answer));
      a.onCandidate = () => undefined;
      b.onCandidate = (candidate) => void a.connection.addCandidate(candidate);
      for (const candidate of b.candidates) await a.connection.addCandidate(candidate);
      await until(pair, () => a.open && b.open, 'open on both sides');
      await closing([a, b]);
    },
  },
  {
    name: 'drops candidates that are rubbish, early, or of another channel, and opens all the same',
    async run(pair) {
      const [a, b] = [new End(pair.a), new End(pair.b)];
      const rubbish = ['', 'rubbish', 'candidate:', 'candidate:1 1 udp x y z typ host'];
      const candidates = rubbish.flatMap((sdpCandidate) => [
        { sdpCandidate },
        { sdpCandidate, sdpMid: '0', sdpMLineIndex: 0 },
        { sdpCandidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: 'other', sdpMLineIndex: 9 },
      ]);
      for (const candidate of candidates)
        expect((await faultOf(a.connection.addCandidate(candidate))) === 'none', 'threw');
      await join(a, b);
      for (const candidate of candidates)
        expect((await faultOf(a.connection.addCandidate(candidate))) === 'none', 'threw');
      await until(pair, () => a.open && b.open, 'open on both sides');
      await closing([a, b]);
    },
  },
  {
    name: 'never opens to a certificate that isn’t the announced one',
    async run(pair) {
      const [a, b] = [new End(pair.a), new End(pair.b)];
      await join(a, b, (sdp) =>
        sdp.replace(/(a=fingerprint:sha-256 )(..)/, (_, start, first) => `${start}${first === '00' ? '01' : '00'}`),
      );
      await pair.pass(1_500);
      expect(!a.open && !b.open, 'opened');
      await closing([a, b]);
    },
  },
  {
    name: 'tells no candidate of its own, and never opens, where it must hide and has no relay',
    async run(pair) {
      const [a, b] = [new End(pair.a, { relayOnly: true }), new End(pair.b, { relayOnly: true })];
      await join(a, b);
      await pair.pass(600);
      expect(!a.log.includes('candidate') && !b.log.includes('candidate'), 'told a candidate');
      expect(!a.open && !b.open, 'opened');
      await closing([a, b]);
    },
  },
  {
    name: 'is there with servers that it can’t use',
    async run(pair) {
      const end = new End(pair.a, { iceServers: [{ urls: 'nonsense:' }, { urls: 'turn:relay.example.org' }] });
      expect((await end.connection.offer()) !== '', 'no offer');
      await closing([end]);
    },
  },
];

const descriptions: readonly RtcCheck[] = [
  {
    name: 'refuses what is no description',
    async run(pair) {
      const [a, b] = [new End(pair.a), new End(pair.b)];
      expect((await faultOf(b.connection.answer('v=0\r\nrubbish'))) === 'refused', 'took a bad offer');
      await a.connection.offer();
      expect((await faultOf(a.connection.accept('rubbish'))) === 'refused', 'took a bad answer');
      await closing([a, b]);
    },
  },
  {
    name: 'refuses a second answer and goes on',
    async run(pair) {
      const [a, b] = [new End(pair.a), new End(pair.b)];
      const answer = anew('answer', await b.connection.answer(anew('offer', await a.connection.offer())));
      await a.connection.accept(answer);
      expect((await faultOf(a.connection.accept(answer))) === 'refused', 'took an answer twice');
      a.onCandidate = (candidate) => void b.connection.addCandidate(candidate);
      b.onCandidate = (candidate) => void a.connection.addCandidate(candidate);
      for (const candidate of b.candidates) await a.connection.addCandidate(candidate);
      await until(pair, () => a.open && b.open, 'open on both sides');
      await closing([a, b]);
    },
  },
  {
    name: 'makes a certificate of its own for every connection',
    async run(pair) {
      const ends = [new End(pair.a), new End(pair.a)];
      const lines = await Promise.all(
        ends.map(async ({ connection }) => /a=fingerprint:.*/.exec(await connection.offer())?.[0]),
      );
      expect(lines[0] !== undefined && lines[0] !== lines[1], 'one certificate for two connections');
      await closing(ends);
    },
  },
  {
    name: 'takes no description once it is closed',
    async run(pair) {
      const [a, b, c] = [new End(pair.a), new End(pair.b), new End(pair.a)];
      const offer = anew('offer', await a.connection.offer());
      await closing([a, b, c]);
      expect((await faultOf(b.connection.answer(offer))) === 'closed', 'answered after the end');
      expect((await faultOf(c.connection.offer())) === 'closed', 'offered after the end');
      expect((await faultOf(a.connection.accept(offer))) === 'closed', 'accepted after the end');
      expect((await faultOf(a.connection.addCandidate({ sdpCandidate: '', sdpMid: '0' }))) === 'none', 'threw');
    },
  },
];

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
export const rtcConformance: readonly RtcCheck[] = [...opening, ...descriptions, ...messages, ...plain, ...ends];
