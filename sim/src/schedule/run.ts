import { INVARIANTS, type Invariant, Violation } from '../invariants/violation.ts';
import { Trace } from '../trace.ts';
import { World } from '../world/world.ts';
import { act } from './act.ts';
import { type Plan, planOf } from './plan.ts';

export interface Outcome {
  readonly seed: number;
  readonly hash: string;
  /** Virtual events that were run. */
  readonly events: number;
  /** Virtual time that passed, ms. */
  readonly ms: number;
  readonly messages: number;
  readonly violation: { readonly invariant: Invariant; readonly what: string } | null;
  /** Where somebody wants to read it. */
  readonly trace: readonly string[];
}

/** From the healing on, everything must have arrived after this time, ms. */
const ARRIVES_MAX_MS = 300_000;
/** People look whether somebody can be reached again this often once all is well, ms. */
const RETRY_EVERY_MS = 4_000;
/** Far more than any run needs. */
const EVENTS_MAX = 60_000;
/** After the last crash everything must be shown again within this time, ms. */
const SHOWN_AGAIN_MAX_MS = 2_000;

/** Lets every promise that can go on go on, up to the next timer. */
const drain = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface RunOptions {
  /** Keep the trace, for somebody who wants to read it. */
  readonly readable?: boolean;
  /** Does something to the world that must be noticed. */
  readonly sabotage?: (world: World) => void;
}

/** When sabotage is done, ms. */
const SABOTAGE_AT_MS = 700;

/** One run, from its seed alone. */
export const runSeed = async (seed: number, { readable = false, sabotage }: RunOptions = {}): Promise<Outcome> => {
  const trace = new Trace(readable);
  const plan = planOf(seed);
  const world = new World(seed, plan, trace);
  const run = new Run(world, plan);
  if (sabotage) world.clock.after(SABOTAGE_AT_MS, () => sabotage(world));
  let violation: Outcome['violation'] = null;
  const unheard = (error: unknown): void =>
    world.broke(new Violation('quiet', String(error instanceof Error ? error.stack : error)));
  process.on('unhandledRejection', unheard);
  process.on('uncaughtException', unheard);
  try {
    await run.whole();
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    violation = { invariant: error.invariant, what: `${INVARIANTS[error.invariant]}: ${error.message}` };
    trace.add(world.time.now, '', 'VIOLATION', error.invariant, () => error.message);
  } finally {
    process.off('unhandledRejection', unheard);
    process.off('uncaughtException', unheard);
  }
  const messages = [...world.ledger.all()].length;
  return { seed, hash: trace.hash, events: run.events, ms: world.time.now, messages, violation, trace: trace.lines };
};

class Run {
  readonly #world: World;
  readonly #plan: Plan;
  events = 0;

  constructor(world: World, plan: Plan) {
    this.#world = world;
    this.#plan = plan;
  }

  async whole(): Promise<void> {
    const { clock } = this.#world;
    for (const { at, deed } of this.#plan.steps) clock.after(at, () => act(this.#world, deed));
    await this.#until(this.#plan.healAt, () => false);
    this.#heal();
    await this.#arrive();
    if (this.#plan.lastCrash) await this.#crash();
  }

  #heal(): void {
    const world = this.#world;
    world.trace.add(world.time.now, '', 'HEALED');
    world.server.up('holds_kept');
    world.reconcile();
    for (const person of world.people) {
      world.server.sockets.heal(person.name);
      world.network.setOnline(person.name, true);
      for (const other of world.people) {
        if (other !== person) world.network.setLink(person.name, other.name, { reach: 'direct' });
      }
      person.heal();
      if (this.#plan.healingTold) person.networkChanged();
    }
  }

  async #arrive(): Promise<void> {
    const world = this.#world;
    const end = world.time.now + ARRIVES_MAX_MS;
    const again = (): void => {
      for (const person of world.people) person.retry();
      world.clock.after(RETRY_EVERY_MS, again);
    };
    again();
    await this.#until(end, () => world.missing() === null);
    const missing = world.missing();
    if (missing !== null) throw new Violation('arrives', missing);
  }

  async #crash(): Promise<void> {
    const world = this.#world;
    for (const person of world.people) {
      person.kill();
      person.start();
    }
    await this.#until(world.time.now + SHOWN_AGAIN_MAX_MS, () => false);
    const missing = world.missing();
    if (missing !== null) throw new Violation('stays', missing);
  }

  /** Runs one event after another until this moment, or until `done`. */
  async #until(end: number, done: () => boolean): Promise<void> {
    const { time } = this.#world;
    // What was begun just now may set the next timer.
    await drain();
    for (;;) {
      const next = time.next();
      if (next === null || next > end) break;
      time.step();
      await drain();
      this.#world.check();
      if (done()) return;
      if (++this.events > EVENTS_MAX) throw new Violation('bounded', 'the run never ends');
    }
    time.advance(Math.max(0, end - time.now));
  }
}
