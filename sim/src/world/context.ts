import type { Crypto } from '@earshot/client';
import type { FrameInTransit, MemoryNetwork, VirtualClock, VirtualTime } from '@earshot/client/memory';
import type { Dice } from '../dice.ts';
import type { Ledger } from '../invariants/ledger.ts';
import type { Numbers } from '../invariants/numbers.ts';
import type { Violation } from '../invariants/violation.ts';
import type { Trace } from '../trace.ts';
import type { Server } from './server.ts';

/** What the pieces of a world need of it. */
export interface WorldContext {
  readonly time: VirtualTime;
  /** The world's own: what is set on it runs whoever dies. */
  readonly clock: VirtualClock;
  readonly crypto: Crypto;
  readonly network: MemoryNetwork;
  readonly server: Server;
  readonly trace: Trace;
  readonly ledger: Ledger;
  readonly numbers: Numbers;
  /** For what people do; the network draws from its own. */
  readonly dice: Dice;
  /** What the simulation calls the person with this key. */
  personOf(person: string): string | null;
  isPerson(person: string, name: string): void;
  /** An invariant didn't hold, seen from inside of a callback: the run ends after this step. */
  broke(violation: Violation): void;
  /** A frame between a client and the server: answers what arrives in its place. */
  passes(frame: FrameInTransit): readonly string[];
}
