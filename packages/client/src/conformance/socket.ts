import type { Socket, SocketPort } from '../ports/index.ts';

/**
 * What the harness's server does: it says every text that it hears back, and at `close` it closes, at `reset` it breaks the connection off,
 * at `many` it says `0` to `99`, at `binary` it sends a binary frame and then says `after`.
 */
export interface SocketHarness {
  readonly port: SocketPort;
  /** A port behind which nobody listens, or where the connection is refused. */
  readonly refused: SocketPort;
  /** Lets things happen until `done`; rejects where it takes too long. */
  until(done: () => boolean): Promise<void>;
  /** Lets anything happen that is still under way. */
  settle(): Promise<void>;
}

/** One thing that every adapter of a port must do. `run` throws where it doesn't. */
export interface SocketCheck {
  readonly name: string;
  run(harness: SocketHarness): Promise<void>;
}

const expect = (condition: boolean, what: string): void => {
  if (!condition) throw new Error(what);
};

/** A socket and all that was heard of it, in order. */
const dial = (port: SocketPort): { socket: Socket; heard: string[] } => {
  const heard: string[] = [];
  const socket = port.open({
    opened: () => heard.push('opened'),
    received: (text) => heard.push(text),
    closed: () => heard.push('closed'),
  });
  expect(heard.length === 0, 'a handler was called inside of open');
  return { socket, heard };
};

const opened = async ({ port, until }: SocketHarness): Promise<{ socket: Socket; heard: string[] }> => {
  const dialled = dial(port);
  await until(() => dialled.heard.includes('opened'));
  return dialled;
};

/** Texts that are easy to get wrong. */
const TEXTS = ['', 'a', '"quoted"', 'Zoë 👋', '\u0000', 'line\nline', 'x'.repeat(32_000)];

/** What every {@link SocketPort} does, whatever is under it. */
export const socketConformance: readonly SocketCheck[] = [
  {
    name: 'opens, hands over texts in order and whole, closes once',
    async run(harness) {
      const { socket, heard } = await opened(harness);
      for (const text of TEXTS) socket.send(text);
      await harness.until(() => heard.length === TEXTS.length + 1);
      expect(
        heard.slice(1).every((text, i) => text === TEXTS[i]),
        'another text came back',
      );
      socket.close();
      await harness.until(() => heard.at(-1) === 'closed');
      await harness.settle();
      expect(heard.filter((what) => what === 'closed').length === 1, 'closed twice');
    },
  },
  {
    name: 'closing twice is closing once, never inside of the call, and nothing comes after it',
    async run(harness) {
      const { socket, heard } = await opened(harness);
      socket.send('many');
      socket.close();
      expect(!heard.includes('closed'), 'closed inside of close');
      socket.close();
      socket.send('after the end');
      await harness.until(() => heard.includes('closed'));
      const length = heard.length;
      await harness.settle();
      expect(heard.length === length, `heard ${heard.at(-1)} after closed`);
    },
  },
  {
    name: 'closes before it opened',
    async run(harness) {
      const { socket, heard } = dial(harness.port);
      socket.send('too early');
      socket.close();
      await harness.until(() => heard.includes('closed'));
      await harness.settle();
      expect(heard.join() === 'closed', `heard ${heard.join()}`);
    },
  },
  ...(['close', 'reset'] as const).map(
    (word): SocketCheck => ({
      name: `says closed once where the server says ${word}`,
      async run(harness) {
        const { socket, heard } = await opened(harness);
        socket.send(word);
        await harness.until(() => heard.includes('closed'));
        socket.send('after the end');
        socket.close();
        await harness.settle();
        expect(heard.join() === 'opened,closed', `heard ${heard.join()}`);
      },
    }),
  ),
  {
    name: 'says closed, and nothing else, where nobody listens',
    async run(harness) {
      const { heard } = dial(harness.refused);
      await harness.until(() => heard.length > 0);
      await harness.settle();
      expect(heard.join() === 'closed', `heard ${heard.join()}`);
    },
  },
  {
    name: 'keeps the order of many',
    async run(harness) {
      const { socket, heard } = await opened(harness);
      socket.send('many');
      await harness.until(() => heard.length === 101);
      expect(
        heard.slice(1).every((text, i) => text === String(i)),
        'out of order',
      );
      socket.close();
    },
  },
  {
    name: 'drops a binary frame',
    async run(harness) {
      const { socket, heard } = await opened(harness);
      socket.send('binary');
      await harness.until(() => heard.includes('after'));
      expect(heard.join() === 'opened,after', `heard ${heard.join()}`);
      socket.close();
    },
  },
  {
    name: 'two sockets of one port know nothing of each other',
    async run(harness) {
      const a = await opened(harness);
      const b = await opened(harness);
      a.socket.close();
      await harness.until(() => a.heard.includes('closed'));
      b.socket.send('still here');
      await harness.until(() => b.heard.includes('still here'));
      expect(!b.heard.includes('closed'), 'closed the other, too');
      b.socket.close();
    },
  },
];
