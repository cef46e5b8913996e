import type { Crypto } from '@earshot/client';
import {
  createMemoryCrypto,
  createRandom,
  type FrameInTransit,
  MemoryNetwork,
  type VirtualClock,
  VirtualTime,
} from '@earshot/client/memory';
import { createDice, type Dice } from '../dice.ts';
import { agree } from '../invariants/display.ts';
import { Ledger } from '../invariants/ledger.ts';
import { Numbers } from '../invariants/numbers.ts';
import type { Violation } from '../invariants/violation.ts';
import type { Plan } from '../schedule/plan.ts';
import type { Trace } from '../trace.ts';
import type { WorldContext } from './context.ts';
import { HostileServer } from './hostile-server.ts';
import type { Manners } from './manners.ts';
import { Mischief } from './mischief.ts';
import { Person } from './person.ts';
import { Server } from './server.ts';

const NAMES = ['ann', 'bob', 'cyd'] as const;

/** Everything that a run has, but for the order in which things happen. */
export class World implements WorldContext {
  readonly time = new VirtualTime();
  readonly clock: VirtualClock = this.time.clock();
  readonly crypto: Crypto;
  readonly network: MemoryNetwork;
  readonly server: Server;
  readonly ledger = new Ledger();
  readonly numbers = new Numbers();
  readonly dice: Dice;
  readonly trace: Trace;
  readonly people: readonly Person[];
  readonly mischief: readonly Mischief[];
  readonly #persons = new Map<string, string>();
  readonly #hostile: HostileServer | null;
  #violation: Violation | null = null;

  constructor(seed: number, plan: Plan, trace: Trace) {
    this.trace = trace;
    this.dice = createDice(seed, 2);
    this.crypto = createMemoryCrypto(seed);
    this.network = new MemoryNetwork({ clock: this.clock, random: createRandom(seed ^ 0x5bd1e995) });
    const latency = createDice(seed, 3);
    this.server = new Server(this, () => latency.between(1, 30));
    const { server } = plan;
    this.#hostile = server === 'honest' ? null : new HostileServer(this, createDice(seed, 6), server);
    const manners = mannersOf(createDice(seed, 4), plan.faults.has('manners'));
    const names = NAMES.slice(0, plan.people);
    this.mischief = names.map((name) => new Mischief(this, createDice(seed, 5), name));
    this.people = names.map((name, i) => {
      const mischief = this.mischief[i];
      return new Person(this, {
        name,
        manners,
        tap: (data, later) => mischief?.sends(data, later) ?? [data],
        onDisk: (device, text) => this.find(device)?.disk.has(text) ?? false,
      });
    });
  }

  find(name: string): Person | undefined {
    return this.people.find((person) => person.name === name);
  }

  personOf(person: string): string | null {
    return this.#persons.get(person) ?? null;
  }

  isPerson(person: string, name: string): void {
    this.#persons.set(person, name);
  }

  broke(violation: Violation): void {
    this.#violation ??= violation;
  }

  passes(frame: FrameInTransit): readonly string[] {
    const { from, to, text, connection } = frame;
    this.trace.add(
      this.time.now,
      from,
      to === 'server' ? 'says' : 'hears',
      text.length,
      () => `#${connection} ${text.slice(0, 160)}`,
    );
    return to === 'client' && this.#hostile ? this.#hostile.passes(frame) : [text];
  }

  /** Whoever was hostile is honest from now on. */
  reconcile(): void {
    this.#hostile?.stop();
    for (const mischief of this.mischief) mischief.turn(false);
  }

  /** What hasn't arrived yet, in words; `null` where everything has. */
  missing(): string | null {
    for (const person of this.people) if (!person.isRunning) return `${person.name} isn't there`;
    for (const { text, author, audience, outcome, shown } of this.ledger.all()) {
      if (outcome !== 'accepted' && !shown) continue;
      const from = this.find(author);
      const to = audience === null ? undefined : this.find(audience);
      if (!from || !to) return `"${text}" has nobody to go to`;
      // A name that belonged to somebody else when they met: whoever has it now isn't whom this was written to.
      if (from.process?.conversation(to.name)?.name !== to.name) continue;
      const state = from.messagesWith(to.name).find((message) => message.text === text)?.state;
      if (state !== 'delivered') return `${author} shows "${text}" as ${state}`;
      if (!to.messagesWith(author).some((message) => message.text === text)) return `${to.name} doesn't show "${text}"`;
    }
    return null;
  }

  /** Looks at everything that may have changed. Throws a violation. */
  check(): void {
    this.#holds();
    const looked = this.people.filter((person) => person.look());
    for (const a of looked) for (const b of this.people) if (a !== b) checkAgreement(a, b);
    this.#holds();
  }

  /** What broke inside of a callback ends the run here. */
  #holds(): void {
    if (this.#violation) throw this.#violation;
  }
}

const mannersOf = (dice: Dice, varied: boolean): Manners => ({
  thinks: () => (varied && dice.chance(0.3) ? dice.between(5_000, 130_000) : dice.between(10, 1_500)),
  declines: () => varied && dice.chance(0.3),
  typesOn: () => dice.chance(0.02),
});

/** What two people show of each other agrees. Throws {@link Violation}. */
const checkAgreement = (a: Person, b: Person): void => {
  if (a.isRunning && b.isRunning) agree(a.messagesWith(b.name), b.messagesWith(a.name), `${a.name} and ${b.name}`);
};
