import {
  type AttemptId,
  BEAT_EVERY_MS,
  BEAT_SILENCE_MAX_MS,
  type Candidate,
  CONNECT_MAX_MS,
  certificateTranscript,
  conversationIdOf,
  deviceIdOf,
  encodeFrame,
  HANDSHAKE_MAX_MS,
  type IceServer,
  type Identity,
  type Key,
  type PeerFrame,
  personIdOf,
} from '@earshot/protocol';
import { describe, expect, test } from 'vitest';
import type { LocalIdentity } from '../identity/types.ts';
import { VirtualTime } from '../memory/clock.ts';
import { createMemoryCrypto } from '../memory/crypto.ts';
import { createRandom } from '../memory/crypto-random.ts';
import { MemoryNetwork } from '../memory/rtc-network.ts';
import type { Crypto, PeerConnection, RtcPath, RtcPort } from '../ports/index.ts';
import { openCalleeSession, openCallerSession } from './session.ts';
import type { Session, SessionEnd, SessionHandlers, SessionSignal } from './types.ts';

const ATTEMPT = 'AAAAAAAAAAAAAAAA' as AttemptId;
const LATENCY_MS = 10;
const CHAT: PeerFrame = { type: 'have', conversation: conversationIdOf(new Uint8Array(32)), vector: [] };

const newIdentity = async (crypto: Crypto): Promise<LocalIdentity> => {
  const [personKey, device] = [await crypto.generateKey('portable'), await crypto.generateKey('device')];
  const [person, id] = [personIdOf(personKey.publicKey), deviceIdOf(device.publicKey)];
  const certificate = await personKey.sign(certificateTranscript(person, id));
  return { identity: { person, device: id, certificate }, device };
};

/** One side of a session, and all that it was told. */
class Side {
  session: Session | null = null;
  readonly out: SessionSignal[] = [];
  readonly log: string[] = [];
  readonly frames: PeerFrame[] = [];
  peer: Identity | null = null;
  code: readonly number[] = [];
  path: RtcPath | null = null;
  ended: SessionEnd | null = null;
  drained = 0;
  onSecured: () => void = () => undefined;
  onFrame: () => void = () => undefined;
  readonly handlers: SessionHandlers = {
    signal: (signal) => {
      this.log.push(signal.type);
      this.out.push(signal);
    },
    opened: () => this.log.push('opened'),
    secured: (peer, code) => {
      this.log.push('secured');
      [this.peer, this.code] = [peer, code];
      this.onSecured();
    },
    frame: (frame) => {
      this.log.push(`frame ${frame.type}`);
      this.frames.push(frame);
      this.onFrame();
    },
    drained: () => this.drained++,
    path: (path) => {
      this.log.push(`path ${path?.kind}`);
      this.path = path;
    },
    ended: (reason) => {
      this.log.push(`ended ${reason}`);
      this.ended = reason;
    },
  };
}

interface WorldOptions {
  readonly seed?: number;
  readonly iceServers?: readonly IceServer[];
  readonly relayOnly?: boolean;
  readonly rtc?: (port: RtcPort) => RtcPort;
}

const createWorld = async ({
  seed = 1,
  iceServers = [],
  relayOnly = false,
  rtc = (port) => port,
}: WorldOptions = {}) => {
  const time = new VirtualTime();
  const crypto = createMemoryCrypto(seed);
  const network = new MemoryNetwork({ clock: time.clock(), random: createRandom(seed), latencyMs: LATENCY_MS });
  const [alice, bob] = [await newIdentity(crypto), await newIdentity(crypto)];
  const [caller, callee] = [new Side(), new Side()];
  const tabs = { caller: network.tab('a'), callee: network.tab('b') };
  const clocks = { caller: time.clock(), callee: time.clock() };
  const options = (side: 'caller' | 'callee', expected: Key) => ({
    ports: { clock: clocks[side], crypto, rtc: rtc(tabs[side]) },
    self: side === 'caller' ? alice : bob,
    attempt: ATTEMPT,
    iceServers,
    relayOnly,
    expected,
  });

  const world = {
    time,
    network,
    crypto,
    alice,
    bob,
    caller,
    callee,
    tabs,
    clocks,
    /** Whom each side expects. */
    callerExpects: bob.identity as Key,
    calleeExpects: alice.identity as Key,
    /** What becomes of a signal on its way. */
    carry: (signal: SessionSignal): readonly SessionSignal[] => [signal],
    call() {
      caller.session = openCallerSession(options('caller', world.callerExpects), caller.handlers);
    },
    take(offer: string) {
      callee.session = openCalleeSession(options('callee', world.calleeExpects), offer, callee.handlers);
    },
    /** Runs everything for `ms`, signals and all. */
    async pass(ms: number): Promise<void> {
      const until = time.now + ms;
      for (;;) {
        await settle();
        if (deliver()) continue;
        const next = time.next();
        if (next === null || next > until) break;
        time.step();
      }
      time.advance(until - time.now);
      await settle();
    },
    async connected(): Promise<void> {
      world.call();
      await world.pass(500);
      expect([caller.log.at(-1), callee.log.at(-1)]).toEqual(['path direct', 'path direct']);
    },
  };

  const deliver = (): boolean => {
    const [fromCaller, fromCallee] = [caller.out.splice(0), callee.out.splice(0)];
    for (const signal of fromCaller.flatMap((sent) => world.carry(sent))) {
      if (signal.type === 'offer' && callee.session === null) world.take(signal.sdp);
      else callee.session?.handle(signal);
    }
    for (const signal of fromCallee.flatMap((sent) => world.carry(sent))) caller.session?.handle(signal);
    return fromCaller.length + fromCallee.length > 0;
  };
  return world;
};

/** Everything that waits on a promise goes on as far as it can. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 60; i++) await Promise.resolve();
};

type World = Awaited<ReturnType<typeof createWorld>>;
const candidatesOf = (signals: readonly SessionSignal[]): Candidate[] =>
  signals.flatMap((signal) => (signal.type === 'candidate' ? [signal.candidate] : []));

describe('two sides', () => {
  test.each([1, 2, 3, 4, 5])('open, prove each other and talk (seed %s)', async (seed) => {
    const world = await createWorld({ seed });
    const { caller, callee } = world;
    await world.connected();
    expect(caller.log).toEqual(['offer', 'candidate', 'opened', 'secured', 'path direct', 'path direct']);
    expect(callee.log).toEqual(['answer', 'candidate', 'opened', 'secured', 'path direct', 'path direct']);
    expect(caller.peer).toEqual(world.bob.identity);
    expect(callee.peer).toEqual(world.alice.identity);
    expect(caller.code).toHaveLength(7);
    expect(callee.code).toEqual(caller.code);
    expect(caller.path).toEqual({ kind: 'direct', roundTripMs: 2 * LATENCY_MS });
    expect([caller.session?.role, callee.session?.role]).toEqual(['caller', 'callee']);

    for (let count = 0; count < 20; count++) caller.session?.send({ type: 'profile', name: `${count}` });
    callee.session?.send(CHAT);
    await world.pass(50);
    expect(callee.frames.map((frame) => (frame.type === 'profile' ? Number(frame.name) : -1))).toEqual([
      ...Array(20).keys(),
    ]);
    expect(caller.frames).toEqual([CHAT]);
  });

  test('send nothing before they are proved, and nothing after the end', async () => {
    const world = await createWorld();
    const { caller } = world;
    world.call();
    while (!caller.log.includes('opened')) {
      expect(caller.session?.send(CHAT)).toBe(false);
      await world.pass(1);
    }
    await world.pass(500);
    expect(caller.session?.send(CHAT)).toBe(true);
    caller.session?.close();
    expect(caller.session?.send(CHAT)).toBe(false);
  });

  test('lose no round trip: what the caller says when it is told, the callee has with the proof', async () => {
    const world = await createWorld();
    const { caller, callee } = world;
    caller.onSecured = () => caller.session?.send(CHAT);
    let first = 0;
    callee.onSecured = () => {
      first = world.time.now;
      callee.session?.send(CHAT);
    };
    let got = 0;
    callee.onFrame = () => {
      got = world.time.now;
    };
    world.call();
    await world.pass(500);
    expect(first).toBeGreaterThan(0);
    expect(got).toBe(first);
    expect(caller.frames).toEqual([CHAT]);
  });

  test('measure the round trip anew', async () => {
    const world = await createWorld();
    await world.connected();
    world.network.setLink('a', 'b', { latencyMs: 60 });
    await world.pass(BEAT_EVERY_MS + 200);
    expect(world.caller.path).toEqual({ kind: 'direct', roundTripMs: 120 });
  });

  test('say that they are relayed', async () => {
    const iceServers = [{ urls: ['turn:turn.example.org'], username: 'u', credential: 'c' }];
    const world = await createWorld({ iceServers });
    world.network.setLink('a', 'b', { reach: 'relay' });
    world.call();
    await world.pass(1000);
    expect(world.caller.path?.kind).toBe('relayed');
    expect(world.callee.path?.kind).toBe('relayed');
  });

  test('never talk directly where the person hides their address', async () => {
    const iceServers = [{ urls: 'turn:turn.example.org', username: 'u', credential: 'c' }];
    const world = await createWorld({ iceServers, relayOnly: true });
    world.call();
    await world.pass(1000);
    expect(world.caller.path?.kind).toBe('relayed');
  });

  test('pause and go on by the water marks', async () => {
    const world = await createWorld();
    const { caller } = world;
    await world.connected();
    const big: PeerFrame = {
      type: 'entries',
      conversation: conversationIdOf(new Uint8Array(32)),
      entries: [{ header: new Uint8Array(100), body: new Uint8Array(16_000), signature: new Uint8Array(64) }],
    };
    let sent = 0;
    while (!caller.session?.full()) {
      expect(caller.session?.send(big)).toBe(true);
      sent++;
    }
    expect(sent).toBeGreaterThan(60);
    expect(caller.drained).toBe(0);
    await world.pass(100);
    expect(caller.drained).toBe(1);
    expect(caller.session.full()).toBe(false);
    expect(world.callee.frames).toHaveLength(sent);
  });
});

describe('signals', () => {
  const ways: readonly [string, (world: World) => void][] = [
    [
      'doubled',
      (world) => {
        world.carry = (signal) => [signal, signal];
      },
    ],
    [
      'with candidates that never come from the callee',
      (world) => {
        let seen = 0;
        world.carry = (signal) => (signal.type === 'candidate' && seen++ > 0 ? [] : [signal]);
      },
    ],
    [
      'with rubbish among the candidates',
      (world) => {
        const rubbish = ['', 'candidate:', 'candidate:1 1 udp 1 evil.example.org 1 typ host', '\0'].flatMap(
          (sdpCandidate) => [
            { type: 'candidate', candidate: { sdpCandidate } } as const,
            { type: 'candidate', candidate: { sdpCandidate, sdpMid: '0', sdpMLineIndex: 0 } } as const,
          ],
        );
        world.carry = (signal) =>
          signal.type === 'candidate' ? [...rubbish, signal, ...rubbish] : [signal, ...rubbish];
      },
    ],
    [
      'with a second answer, from somebody else',
      (world) => {
        world.carry = (signal) =>
          signal.type === 'answer'
            ? [
                signal,
                { type: 'answer', sdp: 'v=0\r\n' },
                { type: 'answer', sdp: signal.sdp.replace('active', 'passive') },
              ]
            : [signal];
      },
    ],
    [
      'with another offer',
      (world) => {
        world.carry = (signal) =>
          signal.type === 'candidate' ? [{ type: 'offer', sdp: 'v=0\r\n' }, signal] : [signal];
      },
    ],
  ];
  test.each(ways)('%s still lead to a session', async (_, hinder) => {
    const world = await createWorld();
    hinder(world);
    world.call();
    await world.pass(1000);
    expect([world.caller.ended, world.callee.ended]).toEqual([null, null]);
    expect([world.caller.log.at(-1), world.callee.log.at(-1)]).toEqual(['path direct', 'path direct']);
  });

  test('candidates that overtake the answer wait for it', async () => {
    const world = await createWorld();
    const late: SessionSignal[] = [];
    world.carry = (signal) => {
      if (signal.type !== 'answer') return [signal];
      late.push(signal);
      return [];
    };
    world.call();
    await world.pass(300);
    expect(world.caller.log).toEqual(['offer', 'candidate']);
    for (const answer of late) world.caller.session?.handle(answer);
    await world.pass(300);
    expect(world.caller.log.at(-1)).toBe('path direct');
  });

  test('candidates that come long after the descriptions still serve', async () => {
    const world = await createWorld();
    const late: Candidate[] = [];
    world.carry = (signal) => {
      if (signal.type !== 'candidate') return [signal];
      late.push(...candidatesOf([signal]));
      return [];
    };
    world.call();
    await world.pass(CONNECT_MAX_MS / 2);
    expect(world.caller.log).not.toContain('opened');
    for (const candidate of late) world.caller.session?.handle({ type: 'candidate', candidate });
    await world.pass(300);
    expect(world.callee.log.at(-1)).toBe('path direct');
  });

  test('candidates of another connection or channel aren’t used', async () => {
    const world = await createWorld();
    world.carry = (signal) => {
      if (signal.type !== 'candidate') return [signal];
      const { sdpCandidate } = signal.candidate;
      return [
        { type: 'candidate', candidate: { sdpCandidate, sdpMid: '1' } },
        { type: 'candidate', candidate: { sdpCandidate, sdpMLineIndex: 1 } },
        { type: 'candidate', candidate: { sdpCandidate: `${sdpCandidate} ufrag other`, sdpMid: '0' } },
      ];
    };
    world.call();
    await world.pass(CONNECT_MAX_MS + 100);
    expect([world.caller.ended, world.callee.ended]).toEqual(['unreachable', 'unreachable']);
  });

  test('no more candidates are kept than are ever gathered', async () => {
    const given: string[] = [];
    const counted = await createWorld({
      rtc: (port) => ({
        open: (options, handlers) => {
          const connection = port.open(options, handlers);
          const add = connection.addCandidate.bind(connection);
          connection.addCandidate = async (candidate) => {
            given.push(candidate.sdpCandidate);
            await add(candidate);
          };
          return connection;
        },
      }),
    });
    counted.call();
    await counted.pass(0);
    for (let i = 1; i < 500; i++) {
      const sdpCandidate = `candidate:1 1 udp ${i} 10.9.9.9 5000 typ host`;
      counted.caller.session?.handle({ type: 'candidate', candidate: { sdpCandidate, sdpMid: '0' } });
    }
    await counted.pass(1000);
    expect(counted.caller.log.at(-1)).toBe('path direct');
    expect(given.filter((line) => line.includes('10.9.9.9'))).toHaveLength(64);
  });
});

describe('descriptions that are refused', () => {
  const second = (sdp: string): string =>
    sdp.replace(/a=fingerprint:.*\r\n/, (line) => `${line}${line.replace(/..\r/, '00\r')}`);

  test('an offer with a second fingerprint ends the callee, which says nothing', async () => {
    const world = await createWorld();
    world.carry = (signal) => [signal.type === 'offer' ? { ...signal, sdp: second(signal.sdp) } : signal];
    world.call();
    await world.pass(100);
    expect(world.callee.log).toEqual(['ended violation']);
  });

  test('so does an answer the caller', async () => {
    const world = await createWorld();
    world.carry = (signal) => [signal.type === 'answer' ? { ...signal, sdp: second(signal.sdp) } : signal];
    world.call();
    await world.pass(100);
    expect(world.caller.log.at(-1)).toBe('ended violation');
  });

  test('nobody hears of it who has closed meanwhile', async () => {
    const world = await createWorld();
    world.take('rubbish');
    world.callee.session?.close();
    await world.pass(10);
    expect(world.callee.log).toEqual([]);
  });

  test('a fingerprint swapped on the way is a connection that never opens', async () => {
    const world = await createWorld();
    world.carry = (signal) => [
      signal.type === 'answer' ? { ...signal, sdp: signal.sdp.replace(/(a=fingerprint:sha-256 )../, '$100') } : signal,
    ];
    world.call();
    await world.pass(CONNECT_MAX_MS);
    expect([world.caller.ended, world.callee.ended]).toEqual(['unreachable', 'unreachable']);
    expect(world.caller.log).not.toContain('opened');
  });
});

describe('the end', () => {
  test('a goodbye is heard as that', async () => {
    for (let seed = 1; seed < 9; seed++) {
      const world = await createWorld({ seed });
      await world.connected();
      world.callee.session?.close();
      await world.pass(100);
      expect(world.caller.ended).toBe('left');
      expect(world.callee.ended).toBeNull();
      expect(world.caller.session?.send(CHAT)).toBe(false);
    }
  });

  test('closing is heard by no handler of one’s own, and twice is once', async () => {
    const world = await createWorld();
    await world.connected();
    const before = world.caller.log.length;
    world.callee.session?.send(CHAT);
    world.caller.session?.close();
    world.caller.session?.close();
    await world.pass(60_000);
    expect(world.caller.log).toHaveLength(before);
    expect(world.time.next()).toBeNull();
  });

  test('closing while the offer is being made tells nobody anything', async () => {
    const world = await createWorld();
    world.call();
    world.caller.session?.close();
    await world.pass(100);
    expect(world.caller.log).toEqual([]);
  });

  test('no answer for long is no end: that is for the engine to say', async () => {
    const world = await createWorld();
    world.carry = () => [];
    world.call();
    await world.pass(600_000);
    expect(world.caller.log).toEqual(['offer', 'candidate']);
  });

  test('no way to each other is an end in time', async () => {
    const world = await createWorld();
    world.network.setLink('a', 'b', { reach: 'cut' });
    world.call();
    await world.pass(CONNECT_MAX_MS - 1);
    expect([world.caller.ended, world.callee.ended]).toEqual([null, null]);
    await world.pass(1);
    expect([world.caller.ended, world.callee.ended]).toEqual(['unreachable', 'unreachable']);
  });

  test('a short cut heals, and what was said meanwhile arrives', async () => {
    const world = await createWorld();
    await world.connected();
    world.network.setLink('a', 'b', { reach: 'cut' });
    world.caller.session?.send(CHAT);
    await world.pass(9_000);
    world.network.setLink('a', 'b', { reach: 'direct' });
    await world.pass(40_000);
    expect([world.caller.ended, world.callee.ended]).toEqual([null, null]);
    expect(world.callee.frames).toEqual([CHAT]);
  });

  test('a long cut is an end on both sides', async () => {
    const world = await createWorld();
    await world.connected();
    world.network.setOnline('a', false);
    await world.pass(BEAT_SILENCE_MAX_MS + BEAT_EVERY_MS);
    expect([world.caller.ended, world.callee.ended]).toEqual(['lost', 'lost']);
  });

  test('a tab that dies is lost to the other', async () => {
    const world = await createWorld();
    await world.connected();
    const before = world.callee.log.length;
    world.tabs.callee.kill();
    world.clocks.callee.kill();
    await world.pass(BEAT_SILENCE_MAX_MS + BEAT_EVERY_MS);
    expect(world.caller.ended).toBe('lost');
    expect(world.callee.log.slice(before)).toEqual([]);
  });
});

describe('who isn’t proved', () => {
  test('another person than the server announced ends both', async () => {
    const world = await createWorld();
    const mallory = await newIdentity(world.crypto);
    world.callerExpects = mallory.identity;
    world.call();
    await world.pass(500);
    expect(world.caller.log.at(-1)).toBe('ended not_proved');
    expect(world.caller.log).not.toContain('secured');
    expect(world.callee.log).not.toContain('secured');
    expect(world.callee.ended).toBe('left');
  });

  test('another device of the person is another', async () => {
    const world = await createWorld();
    const mallory = await newIdentity(world.crypto);
    world.calleeExpects = { person: world.alice.identity.person, device: mallory.identity.device };
    world.call();
    await world.pass(500);
    expect(world.callee.ended).toBe('not_proved');
    expect(world.caller.log).not.toContain('secured');
  });
});

describe('a hostile or broken peer', () => {
  /** A caller against a peer that speaks for itself. */
  const against = async (
    behave: (connection: PeerConnection) => void,
    received: (data: Uint8Array, connection: PeerConnection) => void = () => undefined,
  ): Promise<World> => {
    const world = await createWorld();
    const candidates: Candidate[] = [];
    const connection: PeerConnection = world.tabs.callee.open(
      { iceServers: [], relayOnly: false, channel: 'negotiated' },
      {
        candidate: (candidate) => candidates.push(candidate),
        state: () => undefined,
        opened: () => behave(connection),
        received: (data) => received(data, connection),
        channelClosed: () => undefined,
        drained: () => undefined,
      },
    );
    world.call();
    await settle();
    const [offer] = world.caller.out.splice(0);
    if (offer?.type !== 'offer') throw new Error('no offer');
    world.caller.session?.handle({ type: 'answer', sdp: await connection.answer(offer.sdp) });
    await world.pass(5);
    for (const candidate of candidates) world.caller.session?.handle({ type: 'candidate', candidate });
    await world.pass(200);
    return world;
  };

  test('that says nothing isn’t waited for for ever', async () => {
    const world = await against(() => undefined);
    expect(world.caller.log.at(-1)).toBe('opened');
    await world.pass(HANDSHAKE_MAX_MS);
    expect(world.caller.log.at(-1)).toBe('ended not_proved');
  });

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['rubbish', Uint8Array.of(255, 1, 2)],
    ['a frame before its time', encodeFrame({ type: 'secure' })],
    ['an application’s frame', encodeFrame(CHAT)],
    ['more than a handshake is', new Uint8Array(5000)],
  ])('that says %s breaks the rules', async (_, bytes) => {
    const world = await against((connection) => connection.send(bytes));
    expect(world.caller.log.at(-1)).toBe('ended violation');
    expect(world.caller.log).not.toContain('secured');
  });

  test('that floods an unproved session is cut off at the bound', async () => {
    let taken = 0;
    const world = await against(
      (connection) => {
        for (let i = 0; i < 500; i++) connection.send(new Uint8Array(10_000));
      },
      () => taken++,
    );
    expect(world.caller.log.at(-1)).toBe('ended violation');
    expect(taken).toBe(1);
  });

  test('that says good things badly after its proof is cut off', async () => {
    for (const bytes of [Uint8Array.of(200), encodeFrame({ type: 'secure' }), new Uint8Array(70_000).fill(16)]) {
      const connections: PeerConnection[] = [];
      const world = await createWorld({
        rtc: (port) => ({
          open: (options, handlers) => {
            const connection = port.open(options, handlers);
            connections.push(connection);
            return connection;
          },
        }),
      });
      await world.connected();
      connections[1]?.send(bytes);
      await world.pass(50);
      expect(world.caller.log.at(-1)).toBe('ended violation');
    }
  });

  test('that floods with beats isn’t answered out of our memory', async () => {
    const connections: PeerConnection[] = [];
    const world = await createWorld({
      rtc: (port) => ({
        open: (options, handlers) => {
          const connection = port.open(options, handlers);
          connections.push(connection);
          return connection;
        },
      }),
    });
    await world.connected();
    const [own] = connections;
    if (!own) throw new Error('no connection');
    own.buffered = () => 2 ** 20;
    let written = 0;
    own.send = () => {
      written++;
      return true;
    };
    for (let i = 0; i < 1000; i++) connections[1]?.send(encodeFrame({ type: 'beat', count: i }));
    await world.pass(50);
    expect(world.caller.ended).toBeNull();
    expect(written).toBe(0);
  });
});
