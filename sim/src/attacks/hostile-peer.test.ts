import { createEngine, type Engine, type PeerConnection, type Ports, type RtcPort } from '@earshot/client';
import {
  createMemoryCrypto,
  createMemoryDisk,
  createRandom,
  type MemoryDisk,
  MemoryNetwork,
  MemorySockets,
  type SeededRandom,
  VirtualTime,
} from '@earshot/client/memory';
import {
  type ConversationId,
  concat,
  conversationIdOf,
  deviceIdOf,
  directConversation,
  encodeBody,
  encodeFrame,
  encodeHeader,
  type Frame,
} from '@earshot/protocol';
import { createIntroducer, createMemoryHolds } from '@earshot/server';
import { expect, test } from 'vitest';

/** Frames that a proved, let-in peer throws at a session. */
const FRAMES = 100_000;
/** Thrown at one go; what follows the first malformed one meets a session that has ended. */
const BURST = 100;
/** What the victim may have grown by, MiB: garbage leaves nothing behind. */
const GROWTH_MAX_MIB = 48;
const HOST = 'localhost:3000';

const settled = async (): Promise<void> => {
  for (let i = 0; i < 3; i++) await new Promise((done) => setImmediate(done));
};

class Place {
  readonly time = new VirtualTime();
  readonly crypto = createMemoryCrypto(11);
  readonly #network = new MemoryNetwork({ clock: this.time.clock(), random: createRandom(5) });
  readonly #introducer = createIntroducer({
    clock: this.time.clock(),
    random: (bytes) => this.crypto.random(bytes),
    verify: this.crypto.verify,
    holds: createMemoryHolds(),
  });
  readonly #sockets = new MemorySockets({
    clock: this.time.clock(),
    host: HOST,
    accept: (end) =>
      this.#introducer.accept({
        send: (text) => end.send(text),
        close: () => end.close(),
        address: end.from,
        host: HOST,
        keyed: true,
      }),
  });

  async person(name: string, disk: MemoryDisk, wrap: (rtc: RtcPort) => RtcPort = (rtc) => rtc): Promise<Engine> {
    const ports: Ports = {
      clock: this.time.clock(),
      crypto: this.crypto,
      socket: this.#sockets.port(name),
      rtc: wrap(this.#network.tab(name)),
      storage: disk.open(),
    };
    const engine = await createEngine(ports);
    if (!engine.ok) throw new Error(engine.error);
    engine.value.snapshot.subscribe(({ requests }) => {
      for (const { id } of requests) void engine.value.accept(id);
    });
    await engine.value.chooseName(name);
    return engine.value;
  }

  /** Lets virtual time pass until `holds`, at most `ms`. */
  async until(holds: () => boolean, ms = 60_000): Promise<void> {
    const end = this.time.now + ms;
    for (await settled(); !holds(); await settled()) {
      const next = this.time.next();
      if (next === null || next > end) throw new Error('it never came to be');
      this.time.step();
    }
  }
}

const isOpen = (engine: Engine, name: string): boolean =>
  engine.snapshot
    .get()
    .conversations.some((one) => one.name === name && ['direct', 'relayed'].includes(one.line.state));

/** Well-formed frames with contents that are anything but. */
const frames = (random: SeededRandom, conversation: ConversationId): Frame[] => {
  const number = (below: number): number => Math.floor(random.fraction() * below);
  const author = deviceIdOf(random.bytes(32));
  const position = { author, epoch: number(3), seq: 1 + number(1000) };
  const body = encodeBody({ kind: 'text', salt: random.bytes(16), text: 'x'.repeat(number(100) + 1) });
  const header = encodeHeader({
    conversation,
    ...position,
    prev: position.seq === 1 ? null : (conversationIdOf(random.bytes(32)) as never),
    deps: [],
    lamport: 1 + number(1e6),
    wall: number(1e12),
    bodyHash: random.bytes(32),
  });
  return [
    { type: 'beat', count: number(1e9) },
    { type: 'echo', count: number(1e9) },
    { type: 'profile', name: ['', 'victim', 'attacker', '\u202eevil', 'x'.repeat(40)][number(5)] ?? '' },
    {
      type: 'have',
      conversation,
      vector: Array.from({ length: number(20) }, () => ({ ...position, author: deviceIdOf(random.bytes(32)) })),
    },
    { type: 'have', conversation: conversationIdOf(random.bytes(32)), vector: [position] },
    { type: 'entries', conversation, entries: [{ header, body, signature: random.bytes(64) }] },
    { type: 'entries', conversation: conversationIdOf(random.bytes(32)), entries: [] },
    { type: 'secure' },
    { type: 'bye' },
  ];
};

const mutate = (random: SeededRandom, bytes: Uint8Array): Uint8Array => {
  const at = Math.floor(random.fraction() * bytes.length);
  switch (Math.floor(random.fraction() * 5)) {
    case 0:
      return bytes;
    case 1:
      return bytes.map((byte, i) => (i === at ? byte ^ (1 << Math.floor(random.fraction() * 8)) : byte));
    case 2:
      return bytes.slice(0, at);
    case 3:
      return concat(bytes.slice(0, at), random.bytes(1 + Math.floor(random.fraction() * 40)), bytes.slice(at));
    default:
      return random.bytes(Math.floor(random.fraction() * 300));
  }
};

test('a hundred thousand hostile frames of a proved peer end sessions and nothing else', async () => {
  const place = new Place();
  const random = createRandom(99);
  const connections: PeerConnection[] = [];
  const disk = createMemoryDisk();
  const victim = await place.person('victim', disk);
  const attacker = await place.person('attacker', createMemoryDisk(), (rtc) => ({
    open: (options, handlers) => {
      const connection = rtc.open(options, handlers);
      connections.push(connection);
      return connection;
    },
  }));
  const key = await attacker.connect('victim');
  if (!key.ok) throw new Error(key.error);
  await place.until(() => isOpen(attacker, 'victim') && isOpen(victim, 'attacker'));
  const [a, b] = [attacker, victim].map((engine) => engine.snapshot.get().self);
  if (a?.state !== 'named' || b?.state !== 'named') throw new Error('nameless');
  const conversation = directConversation(place.crypto.hash, a.person, b.person);
  const stored = disk.items().length;
  global.gc?.();
  const before = process.memoryUsage().heapUsed;

  let thrown = 0;
  let sessions = 0;
  while (thrown < FRAMES) {
    attacker.retry(key.value);
    await place.until(() => isOpen(attacker, 'victim'));
    sessions++;
    for (let i = 0; i < BURST; i++, thrown++) {
      const all = frames(random, conversation);
      const frame = all[Math.floor(random.fraction() * all.length)];
      if (frame) connections.at(-1)?.send(mutate(random, encodeFrame(frame)));
    }
    const ended = place.time.now + 1_000;
    await place.until(() => !isOpen(attacker, 'victim') || place.time.now > ended);
    connections.splice(0, connections.length - 1);
  }

  expect(sessions).toBeGreaterThan(FRAMES / BURST / 2);
  global.gc?.();
  expect((process.memoryUsage().heapUsed - before) / 2 ** 20).toBeLessThan(GROWTH_MAX_MIB);
  expect(disk.items().length).toBeLessThanOrEqual(stored + 2);
  expect(victim.snapshot.get().conversations[0]?.unread).toBe(0);

  const friend = await place.person('friend', createMemoryDisk());
  const to = await friend.connect('victim');
  if (!to.ok) throw new Error(to.error);
  await friend.send(to.value, 'still there?');
  await place.until(
    () =>
      friend.snapshot.get().conversations[0]?.last?.from === 'me' &&
      JSON.stringify(friend.snapshot.get()).includes('delivered'),
  );
  await Promise.all([victim, attacker, friend].map((engine) => engine.close()));
}, 120_000);
