/**
 * Bench (c): the server's CPU time for each message that it passes on, for each user who comes, and its memory for each who is
 * there, side by side with other servers. Each server has a process of its own and its users another; rounds are interleaved.
 * `--large` adds 5,000 and 10,000 users; `--only=…` leaves contenders out.
 */
import { median } from './figures.ts';
import { CONTENDERS, type Contender, LOADS, type Load } from './relay/contenders.ts';
import { crowd } from './relay/crowd.ts';
import { Arena } from './relay/processes.ts';
import { serve } from './relay/serve.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 7);
const MESSAGES = Number(process.env['MESSAGES'] ?? 8_000);
/** Before the first that counts: code is compiled by then. */
const WARM_UP_MESSAGES = 20_000;
/** Users from whose coming on memory is counted: what a server needs by itself is settled by then. */
const FIRST_USERS = 100;

const [role, ...words] = process.argv.slice(2);
// No process outlives the bench.
process.on('disconnect', () => process.exit(0));

const print = (head: string, cells: ReadonlyMap<Contender, number>, unit: string): void => {
  const base = cells.get('thin ws') ?? Number.NaN;
  const text = [...cells].map(([contender, value]) => {
    const ratio = contender === 'thin ws' ? '' : ` (${(value / base).toFixed(2)})`;
    return `${contender} ${value.toFixed(1)}${ratio}`.padEnd(24);
  });
  console.log(`${head.padEnd(28)} ${unit.padEnd(12)} ${text.join('')}`);
};

const relayed = async (arenas: readonly Arena[], users: number, load: Load): Promise<void> => {
  const costs = new Map<Contender, number[]>(arenas.map(({ contender }) => [contender, []]));
  for (const arena of arenas) await arena.order({ order: 'relay', load, messages: WARM_UP_MESSAGES });
  for (let round = 0; round < ROUNDS; round++) {
    for (const arena of arenas) {
      const cost = await arena.cost({ order: 'relay', load, messages: MESSAGES });
      costs.get(arena.contender)?.push(cost / MESSAGES);
    }
  }
  print(
    `${load}, ${users} users`,
    new Map([...costs].map(([contender, all]) => [contender, median(all)])),
    'µs/message',
  );
};

/** The users come; what that costs each server, in time and in memory. */
const come = async (arenas: readonly Arena[], before: number, users: number): Promise<void> => {
  const [cpu, memory] = [new Map<Contender, number>(), new Map<Contender, number>()];
  for (const arena of arenas) {
    const rss = await arena.used('memory');
    const more = users - before;
    cpu.set(arena.contender, (await arena.cost({ order: 'dial', users })) / more);
    memory.set(arena.contender, ((await arena.used('memory')) - rss) / 1024 / more);
  }
  if (before < FIRST_USERS) return;
  print(`coming, ${before} to ${users} users`, cpu, 'µs/user');
  print(`being there, ${users} users`, memory, 'KiB/user');
};

const compare = async (contenders: readonly Contender[], crowds: readonly number[]): Promise<void> => {
  console.log('The server alone, medians; in brackets the ratio to the thin relay of the same run.\n');
  const idle = await Promise.all(contenders.map((contender) => Arena.open(contender)));
  for (const [i, users] of crowds.entries()) await come(idle, crowds[i - 1] ?? 0, users);
  for (const arena of idle) await arena.close();
  console.log();
  const arenas = await Promise.all(contenders.map((contender) => Arena.open(contender)));
  for (const users of crowds) {
    for (const arena of arenas) await arena.order({ order: 'dial', users });
    for (const load of LOADS) await relayed(arenas, users, load);
  }
  for (const arena of arenas) await arena.close();
};

if (role === 'serve') await serve(words[0]);
else if (role === 'crowd') await crowd(words[0], Number(words[1]));
else {
  const flags = process.argv.slice(2);
  const only = flags
    .find((flag) => flag.startsWith('--only='))
    ?.slice('--only='.length)
    .split(',');
  const contenders = CONTENDERS.filter((contender) => only === undefined || only.includes(contender));
  const large = flags.includes('--large') ? [5_000, 10_000] : [];
  await compare(contenders, [FIRST_USERS, 1_000, ...large]);
}
