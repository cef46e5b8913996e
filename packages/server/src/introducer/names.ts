import type { PersonId } from '@earshot/protocol';
import type { Directory, Present } from './directory.ts';
import { HOLD_WORTH_MS } from './limits.ts';
import type { Clock, HoldStore, LogEvent } from './types.ts';

export interface NamesDeps {
  readonly directory: Directory<Present>;
  readonly holds: HoldStore;
  readonly clock: Clock;
  readonly log: (event: LogEvent) => void;
  readonly holdMs: number;
  /** Limits.holds */
  readonly holdsMax: number;
}

/** Whose a name is: of those who are here by it, else of the key that holds it, else nobody's. */
export class Names {
  readonly #deps: NamesDeps;

  constructor(deps: NamesDeps) {
    this.#deps = deps;
  }

  mayTake(folded: string, who: PersonId | 'plain'): boolean {
    const { directory, holds, clock } = this.#deps;
    const holder = directory.holder(folded);
    if (holder !== 'free') return holder === who && who !== 'plain';
    const hold = holds.get(folded);
    return hold === undefined || hold.person === who || hold.until <= clock.now();
  }

  /** Resolves when it is durable, or when it can't be: then the name is its owner's only while they are here. */
  async hold(folded: string, person: PersonId): Promise<void> {
    const { holds, clock, holdMs, holdsMax, log } = this.#deps;
    const until = clock.now() + holdMs;
    const old = holds.get(folded);
    if (old?.person === person && until - old.until < HOLD_WORTH_MS) return;
    if (old === undefined && holds.size >= holdsMax) return;
    await holds.put(folded, { person, until }).catch((error: unknown) => log({ event: 'hold_not_stored', error }));
  }

  /** The owner took another name. */
  async release(folded: string): Promise<void> {
    const { directory, holds, log } = this.#deps;
    if (directory.holder(folded) !== 'free') return;
    await holds.delete(folded).catch((error: unknown) => log({ event: 'hold_not_stored', error }));
  }

  /** Those who are here keep their names; what ended is forgotten. */
  async renewAll(): Promise<void> {
    const { directory, holds, clock, log } = this.#deps;
    await Promise.all([...directory.held()].map(([folded, person]) => this.hold(folded, person)));
    await holds.sweep(clock.now()).catch((error: unknown) => log({ event: 'hold_not_stored', error }));
  }
}
