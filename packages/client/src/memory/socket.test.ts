import { expect, test } from 'vitest';
import { type SocketHarness, socketConformance } from '../conformance/socket.ts';
import { createVirtualClock } from './clock.ts';
import { type AcceptSocket, type MemorySocketOptions, MemorySockets } from './socket.ts';

const harness = (): SocketHarness => {
  const clock = createVirtualClock();
  const sockets: MemorySockets = new MemorySockets({
    clock,
    host: 'test.example',
    accept: (end) => server(sockets)(end),
  });
  const refusing = new MemorySockets({ clock, host: 'test.example', accept: () => null });
  return {
    port: sockets.port('a'),
    refused: refusing.port('a'),
    async until(done) {
      for (let i = 0; i < 1_000 && !done(); i++) clock.advance(1);
      if (!done()) throw new Error('took too long');
    },
    settle: async () => clock.advance(1_000),
  };
};

const server =
  (sockets: MemorySockets): AcceptSocket =>
  (end) => ({
    received(text) {
      if (text === 'close') end.close();
      else if (text === 'reset') sockets.reset(end.from, 'both');
      else if (text === 'many') for (let i = 0; i < 100; i++) end.send(String(i));
      // There are no binary frames in memory, so the adapter's dropping is its never having them.
      else if (text === 'binary') end.send('after');
      else end.send(text);
    },
    closed: () => undefined,
  });

test.each(socketConformance.map((check) => [check.name, check] as const))('%s', async (_, check) => {
  await check.run(harness());
});

const world = (options: Partial<MemorySocketOptions> = {}) => {
  const clock = createVirtualClock();
  const events: string[] = [];
  const ends: { send(text: string): void; close(): void }[] = [];
  const sockets = new MemorySockets({
    clock,
    host: 'test.example',
    accept: (end) => {
      ends.push(end);
      end.send('welcome');
      return { received: (text) => events.push(`server: ${text}`), closed: () => events.push('server: closed') };
    },
    ...options,
  });
  const port = sockets.port('a');
  const socket = port.open({
    opened: () => events.push('client: opened'),
    received: (text) => events.push(`client: ${text}`),
    closed: () => events.push('client: closed'),
  });
  clock.advance(100);
  const take = (): string[] => events.splice(0);
  return { clock, sockets, port, socket, ends, take };
};

test('what the server says while it accepts comes after the opening', () => {
  expect(world().take()).toEqual(['client: opened', 'client: welcome']);
});

test('a cut holds everything up, and a heal lets it go on in order', () => {
  const { clock, sockets, socket, ends, take } = world();
  take();
  socket.send('1');
  sockets.cut('a');
  socket.send('2');
  ends[0]?.send('3');
  clock.advance(10_000);
  expect(take()).toEqual([]);
  sockets.heal('a');
  clock.advance(100);
  expect(take().sort()).toEqual(['client: 3', 'server: 1', 'server: 2']);
});

test.each([
  ['both', ['client: closed', 'server: closed']],
  ['client', ['client: closed']],
  ['server', ['server: closed']],
] as const)('a reset that %s learn of loses what is under way', (told, expected) => {
  const { clock, sockets, socket, ends, take } = world();
  take();
  socket.send('lost');
  ends[0]?.send('lost');
  sockets.reset('a', told);
  socket.send('into the void');
  ends[0]?.send('into the void');
  clock.advance(1_000);
  expect(take().sort()).toEqual(expected);
});

test('of a killed process the server hears the end, and the process nothing', () => {
  const { clock, port, ends, take } = world();
  take();
  ends[0]?.send('too late');
  port.kill();
  clock.advance(1_000);
  expect(take()).toEqual(['server: closed']);
});

test('a server that is down refuses, and up again accepts', () => {
  const { clock, sockets, port, take } = world();
  take();
  sockets.down();
  clock.advance(100);
  expect(take()).toEqual(['client: closed']);
  const events: string[] = [];
  const handlers = {
    opened: () => events.push('opened'),
    received: () => undefined,
    closed: () => events.push('closed'),
  };
  port.open(handlers);
  clock.advance(100);
  sockets.up(() => ({ received: () => undefined, closed: () => undefined }));
  port.open(handlers);
  clock.advance(100);
  expect(events).toEqual(['closed', 'opened']);
});

test('who sits on the way decides what arrives', () => {
  const { clock, socket, ends, take } = world({
    through: ({ to, text }) => (text === 'drop' ? [] : text === 'double' ? [text, text] : [`${to} ${text}`]),
  });
  expect(take()).toEqual(['client: opened', 'client: client welcome']);
  for (const text of ['drop', 'double', 'x']) socket.send(text);
  ends[0]?.send('drop');
  clock.advance(100);
  expect(take()).toEqual(['server: double', 'server: double', 'server: server x']);
});
