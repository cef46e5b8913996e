import {
  type AttemptId,
  certificateTranscript,
  conversationIdOf,
  decodeFrame,
  deviceIdOf,
  encodeFrame,
  type Frame,
  type HandshakeFrame,
  isHandshakeFrame,
  personIdOf,
} from '@earshot/protocol';
import { describe, expect, test } from 'vitest';
import type { LocalIdentity } from '../identity/types.ts';
import { VirtualTime } from '../memory/clock.ts';
import { createMemoryCrypto } from '../memory/crypto.ts';
import { createRandom } from '../memory/crypto-random.ts';
import type { PeerConnection, RtcHandlers, RtcPort } from '../ports/index.ts';
import { respond } from './handshake.ts';
import { type Description, writeSdp } from './sdp.ts';
import { openCallerSession } from './session.ts';
import type { SessionEnd } from './types.ts';

const FRAMES_PER_SESSION = 50;
/** More than all sessions together may leave behind, bytes. */
const GROWTH_MAX_BYTES = 48 * 1024 * 1024;

const crypto = createMemoryCrypto(1);
const random = createRandom(7);

const newIdentity = async (): Promise<LocalIdentity> => {
  const [personKey, device] = [await crypto.generateKey('portable'), await crypto.generateKey('device')];
  const [person, id] = [personIdOf(personKey.publicKey), deviceIdOf(device.publicKey)];
  const certificate = await personKey.sign(certificateTranscript(person, id));
  return { identity: { person, device: id, certificate }, device };
};
const [self, peer] = [await newIdentity(), await newIdentity()];

const description = (setup: Description['setup'], byte: number): Description => ({
  iceUfrag: 'abcd',
  icePwd: 'x'.repeat(22),
  fingerprint: new Uint8Array(32).fill(byte),
  setup,
  mid: '0',
  sctpPort: 5000,
  maxMessageSize: 262_144,
  candidates: [],
});
const [OWN, THEIRS] = [description('actpass', 1), description('active', 2)];

const settle = async (): Promise<void> => {
  for (let i = 0; i < 30; i++) await Promise.resolve();
};

/** A session whose other side is this test: it hears what is sent, and says what it likes. */
const openSession = async () => {
  const sent: Uint8Array[] = [];
  let to: RtcHandlers | null = null;
  const connection: PeerConnection = {
    offer: async () => writeSdp(OWN),
    answer: () => Promise.reject(new Error('a caller never answers')),
    accept: async () => undefined,
    addCandidate: async () => undefined,
    send: (data) => sent.push(data) > 0,
    buffered: () => 0,
    path: async () => ({ kind: 'direct', roundTripMs: null }),
    close: () => undefined,
  };
  const rtc: RtcPort = {
    open: (_, handlers) => {
      to = handlers;
      return connection;
    },
  };
  const heard = { frames: 0, secured: 0, ended: [] as SessionEnd[], after: 0 };
  const count = (): void => {
    if (heard.ended.length > 0) heard.after++;
  };
  const session = openCallerSession(
    {
      ports: { clock: new VirtualTime().clock(), crypto, rtc },
      self,
      attempt: 'AAAAAAAAAAAAAAAA' as AttemptId,
      iceServers: [],
      relayOnly: false,
      expected: peer.identity,
    },
    {
      signal: count,
      opened: count,
      secured: () => heard.secured++,
      frame: () => {
        count();
        heard.frames++;
      },
      drained: count,
      path: count,
      ended: (reason) => heard.ended.push(reason),
    },
  );
  await settle();
  session.handle({ type: 'answer', sdp: writeSdp(THEIRS) });
  await settle();
  if (to === null) throw new Error('no connection');
  const handlers: RtcHandlers = to;
  handlers.opened();
  await settle();
  return { session, sent, heard, say: (data: Uint8Array) => handlers.received(data) };
};

/** The same, the handshake done. */
const secured = async () => {
  const open = await openSession();
  const receive = async (): Promise<HandshakeFrame | undefined> => {
    await settle();
    const frame = decodeFrame(open.sent.shift() ?? new Uint8Array());
    return frame.ok && isHandshakeFrame(frame.value) ? frame.value : undefined;
  };
  const proof = await respond(
    { send: (frame) => open.say(encodeFrame(frame)), receive },
    {
      crypto,
      self: peer,
      expected: self.identity,
      ownFingerprint: THEIRS.fingerprint,
      peerFingerprint: OWN.fingerprint,
    },
  );
  await settle();
  expect([proof.ok, open.heard.secured]).toEqual([true, 1]);
  return open;
};

const conversation = conversationIdOf(random.bytes(32));
const GOOD: readonly Frame[] = [
  { type: 'hello', versions: [1], identity: peer.identity, commitment: random.bytes(32) },
  {
    type: 'responder_proof',
    version: 1,
    identity: peer.identity,
    nonce: random.bytes(32),
    signature: random.bytes(64),
  },
  { type: 'initiator_proof', nonce: random.bytes(32), signature: random.bytes(64) },
  { type: 'secure' },
  { type: 'have', conversation, vector: [{ author: peer.identity.device, epoch: 0, seq: 3 }] },
  {
    type: 'entries',
    conversation,
    entries: [{ header: random.bytes(90), body: random.bytes(40), signature: random.bytes(64) }],
  },
  { type: 'beat', count: 5 },
  { type: 'echo', count: 1 },
  { type: 'profile', name: 'Mallory' },
];
const GOOD_BYTES = GOOD.map(encodeFrame);

const pick = (count: number): number => Math.floor(random.fraction() * count);

/** A frame that was good once: bytes changed, cut off, added, or left alone. */
const fuzzed = (): Uint8Array => {
  const bytes = (GOOD_BYTES[pick(GOOD_BYTES.length)] ?? new Uint8Array()).slice();
  switch (pick(6)) {
    case 0:
      return bytes;
    case 1:
      return random.bytes(pick(200));
    case 2:
      return bytes.slice(0, pick(bytes.length));
    case 3:
      return Uint8Array.of(...bytes, ...random.bytes(pick(20)));
    default:
      for (let i = pick(4); i >= 0; i--) bytes[pick(bytes.length)] = pick(256);
      return bytes;
  }
};

const heapUsed = (): number =>
  (globalThis as { process?: { memoryUsage(): { heapUsed: number } } }).process?.memoryUsage().heapUsed ?? 0;

describe.each([
  ['nobody knows yet', openSession, 50_000],
  ['is proved', secured, 20_000],
] as const)('fuzzed frames from a peer that %s', (_, open, frames) => {
  test('end their sessions and harm nothing else', { timeout: 60_000 }, async () => {
    const before = heapUsed();
    const ends = new Set<SessionEnd>();
    for (let said = 0; said < frames; said += FRAMES_PER_SESSION) {
      const { session, heard, say } = await open();
      const proved = heard.secured;
      for (let i = 0; i < FRAMES_PER_SESSION; i++) {
        say(fuzzed());
        if (i % 5 === 0) await settle();
      }
      await settle();
      expect(heard.ended.length).toBe(1);
      expect(heard.after).toBe(0);
      expect(heard.secured).toBe(proved);
      for (const reason of heard.ended) ends.add(reason);
      session.close();
    }
    for (const reason of ends) expect(['violation', 'not_proved', 'left']).toContain(reason);
    expect(ends).toContain('violation');
    expect(heapUsed() - before).toBeLessThan(GROWTH_MAX_BYTES);
  });
});
