import { RtcError, type RtcFault } from '../ports/index.ts';
import { anew, closing, End, expect, join, opened, type RtcCheck, until } from './rtc-ends.ts';

const faultOf = async (promise: Promise<unknown>): Promise<RtcFault | 'none' | 'unknown'> =>
  promise.then(
    () => 'none' as const,
    (error: unknown) => (error instanceof RtcError ? error.fault : 'unknown'),
  );

/** From nothing to an open channel, or to none. */
export const openingChecks: readonly RtcCheck[] = [
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

/** What is taken for a description, and when. */
export const descriptionChecks: readonly RtcCheck[] = [
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
