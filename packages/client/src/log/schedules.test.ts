import type { DeviceId, PeerFrame, VectorEntries } from '@earshot/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../memory/crypto-random.ts';
import type { CommitFate } from '../memory/storage.ts';
import { createRig, type Rig, type RigDevice } from './rig.ts';
import { loadLogs } from './stored.ts';
import { startSync } from './sync.ts';
import type { ConversationLog, LogSync } from './types.ts';
import { comparePlaces, entriesOf } from './vector.ts';

/** Everything that is due has run: nothing here waits for more than microtasks. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type SyncFrame = Extract<PeerFrame, { type: 'have' | 'entries' }>;

interface Process {
  readonly log: ConversationLog;
  readonly shown: string[];
  alive: boolean;
}

interface Session {
  readonly ends: readonly [number, number];
  readonly syncs: LogSync[];
  readonly wire: { readonly to: 0 | 1; readonly frame: SyncFrame }[];
  full: boolean;
}

/** Devices that crash and come back, over lines that lose, reorder, clog and break. */
class World {
  readonly rig: Rig;
  readonly #random: () => number;
  readonly #processes = new Map<RigDevice, Process>();
  readonly #sessions = new Set<Session>();
  /** What `append` has answered `ok` for: it must be there in the end. */
  readonly accepted = new Set<string>();
  readonly faults: string[] = [];
  #crashing: CommitFate | null = null;
  #said = 0;

  constructor(rig: Rig, seed: number) {
    this.rig = rig;
    const random = createRandom(seed);
    this.#random = () => random.fraction();
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #device(at = this.#below(this.rig.devices.length)): RigDevice {
    const device = this.rig.devices[at];
    if (!device) throw new Error('device');
    return device;
  }

  async #process(device: RigDevice): Promise<Process> {
    const running = this.#processes.get(device);
    if (running) return running;
    const storage = device.disk.open({
      fate: () => {
        const fate = this.#crashing ?? 'done';
        this.#crashing = null;
        return fate;
      },
      crashed: () => this.#crash(device),
    });
    const log = await device.start(storage);
    const process: Process = { log, shown: (await log.page(null, 10_000)).map(({ id }) => id), alive: true };
    log.subscribe((change) => {
      if (change.type === 'appended' || change.type === 'received')
        process.shown.push(...change.messages.map(({ id }) => id));
      if (change.type === 'forked') this.faults.push('forked');
    });
    this.#processes.set(device, process);
    return process;
  }

  #crash(device: RigDevice): void {
    const process = this.#processes.get(device);
    if (process) process.alive = false;
    this.#processes.delete(device);
    for (const session of this.#sessions) {
      if (session.ends.some((end) => this.#device(end) === device)) this.#end(session);
    }
  }

  #end(session: Session): void {
    for (const sync of session.syncs) sync.close();
    this.#sessions.delete(session);
  }

  async step(action: string): Promise<void> {
    const [session] = [...this.#sessions].slice(this.#below(this.#sessions.size));
    switch (action) {
      case 'say':
        void this.#say(this.#device());
        break;
      case 'connect': {
        const from = this.#below(this.rig.devices.length);
        await this.#connect(from, (from + 1 + this.#below(this.rig.devices.length - 1)) % this.rig.devices.length);
        break;
      }
      case 'deliver':
        if (session) this.#deliver(session, this.#random() < 0.2 ? this.#below(session.wire.length) : 0);
        break;
      case 'lose':
        session?.wire.splice(this.#below(session.wire.length), 1);
        break;
      case 'clog':
        if (session) session.full = !session.full;
        if (session && !session.full) for (const sync of session.syncs) sync.drained();
        break;
      case 'break':
        if (session) this.#end(session);
        break;
      case 'crash':
        this.#crashing = this.#random() < 0.5 ? 'crash_before' : 'crash_after';
        break;
    }
    if (this.#random() < 0.7) await settle();
  }

  async #say(device: RigDevice): Promise<void> {
    const process = await this.#process(device);
    const body = this.rig.text(`${this.#said++}`);
    const appended = await process.log.append([body]);
    if (!appended.ok) this.faults.push(appended.error);
    else for (const { id } of appended.value) this.accepted.add(id);
  }

  async #connect(from: number, to: number): Promise<void> {
    const ends = [from, to] as const;
    for (const session of [...this.#sessions]) {
      if (ends.every((end) => session.ends.includes(end))) this.#end(session);
    }
    const logs = [await this.#process(this.#device(from)), await this.#process(this.#device(to))];
    const session: Session = { ends, syncs: [], wire: [], full: false };
    this.#sessions.add(session);
    for (const side of [0, 1] as const) {
      const log = logs[side]?.log;
      if (!log) throw new Error('log');
      session.syncs.push(
        startSync(log, {
          device: this.#device(ends[side === 0 ? 1 : 0]).id,
          full: () => session.full,
          failed: (fault) => {
            this.faults.push(fault);
            this.#end(session);
          },
          send: (frame) => {
            if (!this.#sessions.has(session)) return false;
            if (frame.type === 'have' || frame.type === 'entries') session.wire.push({ to: side === 0 ? 1 : 0, frame });
            return true;
          },
        }),
      );
    }
  }

  #deliver(session: Session, at: number): void {
    const [frame] = session.wire.splice(at, 1);
    if (frame) session.syncs[frame.to]?.handle(frame.frame);
  }

  /** What a device is believed to have is on its disk, whoever believes it. */
  async checkDurable(): Promise<void> {
    for (const device of this.rig.devices) {
      const { heads } = await loadLogs(device.disk.open(), this.rig.conversation);
      const durable = entriesOf(heads);
      for (const [believer, { log }] of this.#processes) {
        if (believer !== device) expectWithin(log.acknowledged(device.id), durable, device.id);
      }
      for (const session of this.#sessions) {
        for (const { to, frame } of session.wire) {
          const sender = session.ends[to === 0 ? 1 : 0];
          if (frame.type === 'have' && this.#device(sender) === device) expectWithin(frame.vector, durable, device.id);
        }
      }
    }
  }

  /** What a process shows is what lies on its disk, once each. */
  async checkShown(): Promise<void> {
    for (const { log, shown } of this.#processes.values()) {
      const page = await log.page(null, 10_000);
      expect(shown.toSorted()).toEqual(page.map(({ id }) => id).toSorted());
      expect(page.map(({ place }) => place)).toEqual(page.map(({ place }) => place).sort(comparePlaces));
    }
  }

  /** Everybody is up, and every line is good, for long enough. */
  async heal(): Promise<void> {
    this.#crashing = null;
    const count = this.rig.devices.length;
    for (const session of [...this.#sessions]) this.#end(session);
    await settle();
    for (let from = 0; from < count; from++) {
      for (let to = from + 1; to < count; to++) await this.#connect(from, to);
    }
    for (let quiet = 0; quiet < 3; quiet++) {
      await settle();
      for (const session of this.#sessions) {
        while (session.wire.length > 0) {
          quiet = 0;
          this.#deliver(session, 0);
          await settle();
        }
      }
    }
  }

  async pages(): Promise<readonly (readonly string[])[]> {
    const processes = await Promise.all(this.rig.devices.map((device) => this.#process(device)));
    return Promise.all(processes.map(async ({ log }) => (await log.page(null, 10_000)).map(({ id }) => id)));
  }

  async uncovered(): Promise<readonly boolean[]> {
    const processes = await Promise.all(this.rig.devices.map((device) => this.#process(device)));
    return processes.map(({ log }) => log.hasUncovered());
  }
}

const expectWithin = (believed: VectorEntries, durable: VectorEntries, whose: DeviceId): void => {
  for (const at of believed) {
    const has = durable.find(({ author, epoch }) => author === at.author && epoch === at.epoch)?.seq ?? 0;
    if (at.seq > has) throw new Error(`${whose} is believed to have ${at.seq} of ${at.author}, and has ${has}`);
  }
};

const action = fc.oneof(
  { weight: 6, arbitrary: fc.constant('deliver') },
  { weight: 4, arbitrary: fc.constant('say') },
  { weight: 2, arbitrary: fc.constant('connect') },
  ...['lose', 'clog', 'break', 'crash'].map((name) => ({ weight: 1, arbitrary: fc.constant(name) })),
);

test.each([2, 3])(
  '%i devices, whatever happens to them and the lines between',
  async (devices) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.array(action, { minLength: 5, maxLength: 80 }), async (seed, actions) => {
        const world = new World(await createRig(devices), seed);
        for (const name of actions) {
          await world.step(name);
          await world.checkDurable();
        }
        await settle();
        await world.checkShown();
        await world.heal();
        await world.checkDurable();
        await world.checkShown();
        const [first, ...others] = await world.pages();
        for (const other of others) expect(other).toEqual(first);
        expect(new Set(first).size).toBe(first?.length);
        for (const id of world.accepted) expect(first).toContain(id);
        expect(await world.uncovered()).toEqual(Array.from({ length: devices }, () => false));
        expect(world.faults).toEqual([]);
      }),
      { numRuns: 100 },
    );
  },
  120_000,
);
