import { type ConversationKey, createEngine, createWebCrypto, type Engine } from '@earshot/client';
import { createClock, createRtcPort, createSocketPort, openIndexedDb } from '@earshot/web/adapters';

/** What the driver calls in the page. Everything runs in one page, so that one clock measures both sides. */
interface Bench {
  opening(): Promise<{ readonly raw: number; readonly first: number }>;
  roundTrips(count: number): Promise<{ readonly raw: readonly number[]; readonly delivered: readonly number[] }>;
}

let people = 0;

interface Person {
  readonly name: string;
  readonly engine: Engine;
  close(): Promise<void>;
}

/** A person with a device of its own who lets everybody in. */
const person = async (): Promise<Person> => {
  const name = `bench-${Date.now().toString(36)}-${people++}`;
  const storage = await openIndexedDb(name);
  const ports = {
    clock: createClock(),
    crypto: createWebCrypto(),
    socket: createSocketPort(),
    rtc: createRtcPort(RTCPeerConnection),
    storage,
  };
  const engine = await createEngine(ports);
  if (!engine.ok) throw new Error(engine.error);
  const { snapshot } = engine.value;
  snapshot.subscribe(({ requests }) => {
    for (const request of requests) void engine.value.accept(request.id);
  });
  await engine.value.chooseName(name);
  await until(engine.value, () => snapshot.get().link.state === 'here');
  return {
    name,
    engine: engine.value,
    close: async () => {
      await engine.value.close();
      storage.close();
    },
  };
};

const until = (engine: Engine, holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    if (holds()) return resolve();
    const end = engine.snapshot.subscribe(() => {
      if (!holds()) return;
      end();
      resolve();
    });
  });

/** Resolves when somebody's message with this text is in the view. */
const shown = (engine: Engine, text: string): Promise<void> =>
  new Promise((resolve) => {
    const ends: (() => void)[] = [];
    const watched = new Set<ConversationKey>();
    const finish = (): void => {
      for (const end of ends) end();
      resolve();
    };
    const watch = (): void => {
      for (const { key } of engine.snapshot.get().conversations) {
        if (watched.has(key)) continue;
        watched.add(key);
        const open = engine.open(key);
        if (!open) continue;
        const look = (): void => {
          const { messages } = open.window.get();
          if (messages.some(({ from, content }) => from === 'them' && content.kind === 'text' && content.text === text))
            finish();
        };
        ends.push(open.window.subscribe(look), () => open.close());
        look();
      }
    };
    ends.push(engine.snapshot.subscribe(watch));
    watch();
  });

/** A bare peer connection with a pre-negotiated channel, candidates trickled, signalled in memory: from the offer to both ends open. */
const bare = async (): Promise<{ ms: number; a: RTCDataChannel; b: RTCDataChannel; close: () => void }> => {
  const start = performance.now();
  const [one, two] = [new RTCPeerConnection(), new RTCPeerConnection()];
  one.onicecandidate = ({ candidate }) => void two.addIceCandidate(candidate ?? undefined);
  two.onicecandidate = ({ candidate }) => void one.addIceCandidate(candidate ?? undefined);
  const [a, b] = [one, two].map((connection) => connection.createDataChannel('bench', { negotiated: true, id: 0 }));
  if (!a || !b) throw new Error('no channel');
  const opened = [a, b].map(
    (channel) => new Promise((resolve) => channel.addEventListener('open', resolve, { once: true })),
  );
  await one.setLocalDescription();
  if (one.localDescription) await two.setRemoteDescription(one.localDescription);
  await two.setLocalDescription();
  if (two.localDescription) await one.setRemoteDescription(two.localDescription);
  await Promise.all(opened);
  const close = (): void => [one, two].forEach((connection) => connection.close());
  return { ms: performance.now() - start, a, b, close };
};

/** From `Connect`, with a message written at once, to that message in the other's view. */
const firstMessage = async (from: Person, to: Person, text: string): Promise<number> => {
  const arrived = shown(to.engine, text);
  const start = performance.now();
  const key = await from.engine.connect(to.name);
  if (!key.ok) throw new Error(key.error);
  await from.engine.send(key.value, text);
  await arrived;
  return performance.now() - start;
};

/** Two strangers, one of whom lets the other in at once; beside it the bare opening. */
const opening: Bench['opening'] = async () => {
  const { ms: raw, close } = await bare();
  close();
  const [a, b] = [await person(), await person()];
  const first = await firstMessage(a, b, 'first');
  await Promise.all([a.close(), b.close()]);
  return { raw, first };
};

const echo = async (count: number): Promise<number[]> => {
  const { a, b, close } = await bare();
  b.addEventListener('message', ({ data }) => b.send(data as string));
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    const back = new Promise((resolve) => a.addEventListener('message', resolve, { once: true }));
    a.send('x'.repeat(100));
    await back;
    times.push(performance.now() - start);
  }
  close();
  return times;
};

const delivered = async (count: number): Promise<number[]> => {
  const [a, b] = [await person(), await person()];
  await firstMessage(a, b, 'first');
  const key = a.engine.snapshot.get().conversations[0]?.key;
  const open = key && a.engine.open(key);
  if (!key || !open) throw new Error('no conversation');
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const text = `${i} `.padEnd(100, 'x');
    const start = performance.now();
    const known = new Promise<void>((resolve) => {
      const end = open.window.subscribe(({ messages }) => {
        const last = messages.at(-1);
        if (
          last?.from !== 'me' ||
          last.state !== 'delivered' ||
          last.content.kind !== 'text' ||
          last.content.text !== text
        )
          return;
        end();
        resolve();
      });
    });
    await a.engine.send(key, text);
    await known;
    times.push(performance.now() - start);
  }
  open.close();
  await Promise.all([a.close(), b.close()]);
  return times;
};

const bench: Bench = {
  opening,
  roundTrips: async (count) => ({ raw: await echo(count), delivered: await delivered(count) }),
};
Object.assign(window, { bench });
