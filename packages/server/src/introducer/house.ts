import type { Verify } from '@earshot/protocol';
import { Addresses } from './addresses.ts';
import { CLOSE } from './close-codes.ts';
import { Directory } from './directory.ts';
import type { Guest } from './guest.ts';
import { ADDRESSES_EVERY_MS, DEFAULT_LIMITS, HOLDS_EVERY_MS, type Limits } from './limits.ts';
import { Names } from './names.ts';
import type { Clock, Connection, IceList, IntroducerDeps, IntroducerSettings, LogEvent } from './types.ts';

/** 30 days, ms. */
const HOLD_MS = 30 * 24 * 60 * 60 * 1000;

const DEFAULT_SETTINGS: IntroducerSettings = { plainClients: 'admitted', holdMs: HOLD_MS, limits: DEFAULT_LIMITS };

/** What all guests share. */
export class House {
  readonly clock: Clock;
  readonly random: (bytes: number) => Uint8Array;
  readonly verify: Verify;
  readonly log: (event: LogEvent) => void;
  readonly iceServers: (now: number) => IceList;
  readonly plainClients: IntroducerSettings['plainClients'];
  readonly limits: Limits;
  readonly directory = new Directory<Guest>();
  readonly names: Names;
  readonly guests = new Set<Guest>();
  readonly #addresses: Addresses;
  readonly #cancels = new Map<string, () => void>();

  constructor({ clock, random, verify, holds, settings, iceServers, log }: IntroducerDeps) {
    const { plainClients, holdMs, limits } = { ...DEFAULT_SETTINGS, ...settings };
    this.clock = clock;
    this.random = random;
    this.verify = verify;
    this.log = log ?? (() => {});
    this.iceServers = iceServers ?? (() => ({ servers: [], expires: null }));
    this.plainClients = plainClients;
    this.limits = limits;
    this.#addresses = new Addresses(limits);
    this.names = new Names({
      directory: this.directory,
      holds,
      clock,
      log: this.log,
      holdMs,
      holdsMax: limits.holds,
    });
    this.#every('holds', HOLDS_EVERY_MS, () => void this.names.renewAll());
    this.#every('addresses', ADDRESSES_EVERY_MS, () => this.#addresses.forgetUnused(clock.elapsed()));
  }

  enter({ address, keyed }: Connection): boolean {
    const may = this.#addresses.enter(address, this.clock.elapsed());
    this.log(may ? { event: 'came', address, keyed } : { event: 'refused', code: 'too_many_connections' });
    return may;
  }

  registered({ key }: Guest, folded: string): void {
    this.log({ event: 'registered', keyed: key !== null, devices: this.directory.devices(folded).length });
  }

  left(guest: Guest, registered: boolean): void {
    this.guests.delete(guest);
    this.#addresses.leave(guest.connection.address);
    this.log({ event: 'went', registered });
  }

  mayRegister({ connection }: Guest): boolean {
    return this.#addresses.mayRegister(connection.address, this.clock.elapsed());
  }

  close(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
    for (const guest of [...this.guests]) guest.end(CLOSE.restart, 'restart', 'shutting_down');
  }

  #every(what: string, ms: number, act: () => void): void {
    const again = () => {
      this.#cancels.set(
        what,
        this.clock.after(ms, () => {
          again();
          act();
        }),
      );
    };
    again();
  }
}
