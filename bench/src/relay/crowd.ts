import { isContender, type Load } from './contenders.ts';
import { type Dialect, dialectOf } from './dialects.ts';
import type { CrowdOrder } from './orders.ts';
import type { RawSocket } from './raw-socket.ts';

/** Connections in the making at once. */
const DIALLING_AT_ONCE = 20;
/** Messages on their way at once: a busy server, not a flooded one. */
const UNDERWAY = 32;
const BURST = 8;

interface User {
  readonly name: string;
  readonly socket: RawSocket;
}

/** A process full of users of one server, who do as they are told. */
export const crowd = async (contender: string | undefined, port: number): Promise<void> => {
  if (!isContender(contender)) throw new Error(`There is no contender ${contender}`);
  const dialect = dialectOf(contender);
  const users: User[] = [];
  const obey = async (order: CrowdOrder): Promise<void> => {
    if (order.order === 'dial') await dial(dialect, port, users, order.users);
    else await relay(dialect, users, order.load, order.messages);
    process.send?.('done');
  };
  process.on('message', (order: CrowdOrder) => void obey(order));
  process.send?.('ready');
};

const dial = async (dialect: Dialect, port: number, users: User[], count: number): Promise<void> => {
  while (users.length < count) {
    const more = Math.min(DIALLING_AT_ONCE, count - users.length);
    const names = Array.from({ length: more }, (_, i) => `user-${users.length + i}`);
    users.push(...(await Promise.all(names.map(async (name) => ({ name, socket: await dialect.enter(port, name) })))));
  }
};

/** So many messages between random pairs; the next goes out when one has arrived. */
const relay = (dialect: Dialect, users: readonly User[], load: Load, messages: number): Promise<void> => {
  const size = load === 'bursts of 8' ? BURST : 1;
  const writes = Array.from({ length: messages / size }, () => {
    const from = users[Math.floor(Math.random() * users.length)];
    const to = users[Math.floor(Math.random() * users.length)];
    if (!from || !to) throw new Error('Nobody is here');
    const frame = load === 'offers' ? dialect.offer(from.name, to.name) : dialect.candidate(from.name, to.name);
    return { socket: from.socket, frames: Buffer.concat(Array.from({ length: size }, () => frame)) };
  });
  return new Promise((done) => {
    let sent = 0;
    let arrived = 0;
    const send = (): void => {
      const write = writes[sent++];
      write?.socket.write(write.frames);
    };
    for (const { socket } of users) {
      socket.onText(() => {
        arrived++;
        if (arrived === messages) done();
        else if (arrived % size === 0) send();
      });
    }
    for (let i = 0; i < UNDERWAY / size; i++) send();
  });
};
