import type { ConversationKey, IncomingRequest, StartFault } from '@earshot/client';
import type { CommitFate } from '@earshot/client/memory';
import { Display, type ShownConversation } from '../invariants/display.ts';
import { Violation } from '../invariants/violation.ts';
import type { WorldContext } from './context.ts';
import { Disk } from './disk.ts';
import { Fates } from './fates.ts';
import type { Manners, PersonOptions } from './manners.ts';
import { Process, WALL_MS } from './process.ts';

/** How soon a person tries again what their device refused, ms. */
const TRY_AGAIN_MS = 2_000;
/** Of what came before a message the latest are remembered: they came after all the others. */
const AFTER_MAX = 8;

/** A person with one device, whose disk outlives its processes. */
export class Person {
  readonly name: string;
  readonly disk: Disk;
  readonly display: Display;
  readonly fates = new Fates();
  manners: Manners;
  readonly #world: WorldContext;
  readonly #options: PersonOptions;
  /** The newest last. All but the newest are tabs on their way out. */
  readonly #processes: Process[] = [];
  readonly #deciding = new Set<string>();
  /** Texts that the engine hasn't answered for yet. */
  readonly #sending = new Map<string, { readonly process: Process; readonly key: ConversationKey }>();
  #count = 0;
  #texts = 0;
  #wallOffset = 0;
  #dirty = false;

  constructor(world: WorldContext, options: PersonOptions) {
    this.#world = world;
    this.name = options.name;
    this.#options = options;
    this.manners = options.manners;
    this.disk = new Disk({
      hash: world.crypto.hash,
      entry: (header, id, text) => {
        world.trace.add(world.time.now, this.name, 'stored', header.seq, () => `${text ?? ''}`);
        this.#guard(() => world.numbers.saw(header, id));
      },
    });
    this.display = new Display(options.name, { ledger: world.ledger, onDisk: options.onDisk });
  }

  /** The tab that they look at. */
  get process(): Process | undefined {
    return this.#processes.at(-1);
  }

  get isRunning(): boolean {
    return this.process?.engine !== undefined && this.process.engine !== null;
  }

  /** Opens a tab; a tab that is open already stays, until it is closed or killed. */
  start(): void {
    const label = this.#count++ === 0 ? this.name : `${this.name}/${this.#count}`;
    this.#note('starts', label);
    const process: Process = new Process(this.#world, {
      label,
      host: this.name,
      disk: this.disk,
      wall: WALL_MS + this.#wallOffset + this.#world.time.now,
      fate: () => this.#fate(),
      tap: this.#options.tap,
      changed: () => {
        this.#dirty = true;
      },
      crashed: () => {
        this.#note('crashed', label);
        this.#gone(process);
        this.#later(TRY_AGAIN_MS, () => this.startIfGone());
      },
      started: (fault) => this.#started(process, fault),
      lost: () => {
        this.#note('has lost its store', label);
        this.#reload(process);
      },
    });
    this.#processes.push(process);
  }

  kill(): void {
    this.#endAll('killed');
  }

  close(): void {
    this.#endAll('closed');
  }

  /** A second tab is there: the ones before it go. */
  endOlder(how: 'closed' | 'killed'): void {
    this.#end(how, this.#processes.length - 1);
  }

  /** A tab that was taken over from never comes back, so it goes with the one that took over. */
  #endAll(how: 'closed' | 'killed'): void {
    this.#end(how, this.#processes.length);
  }

  #end(how: 'closed' | 'killed', count: number): void {
    for (const process of this.#processes.splice(0, count)) {
      this.#note(how, process.label);
      if (how === 'closed') process.close();
      else process.kill();
    }
  }

  #fate(): CommitFate {
    if (this.manners.typesOn()) queueMicrotask(() => this.#typeOn());
    const fate = this.fates.next();
    if (fate !== 'done') this.#note('commits', fate);
    return fate;
  }

  /** Their device's wall clock is set. */
  jump(ms: number): void {
    this.#wallOffset += ms;
    for (const process of this.#processes) process.clock.jump(ms);
  }

  connect(other: string): void {
    this.#note('connects to', other);
    void this.process?.engine?.connect(other);
  }

  /** Writes so many texts, without a pause, to whom they have a conversation with. */
  write(to: string, texts = 1): void {
    const { process } = this;
    const summary = process?.conversation(to) ?? process?.named(to);
    if (!process?.engine || !summary) return;
    for (let i = 0; i < texts; i++) void this.#write(process, summary.key);
  }

  /** Gives everybody another try who had said no, or couldn't prove who they are. */
  /** Everything that was wrong with the device is mended, and its person lets everybody in. */
  heal(): void {
    this.fates.heal();
    this.manners = { thinks: () => 300, declines: () => false, typesOn: () => false };
    this.endOlder('killed');
    this.startIfGone();
  }

  retry(): void {
    const { process } = this;
    const { link } = process?.engine?.snapshot.get() ?? {};
    if (process && (link?.state === 'name_taken' || link?.state === 'refused')) void this.#chooseName(process);
    for (const { key, notice } of process?.engine?.snapshot.get().conversations ?? []) {
      if (notice?.kind === 'declined' || notice?.kind === 'not_proved') process?.engine?.retry(key);
      if (notice?.kind === 'key_changed') void process?.engine?.keepOldKey(key);
    }
  }

  networkChanged(): void {
    this.process?.engine?.networkChanged();
  }

  /** Looks at the screen, if anything on it may have changed. Throws {@link Violation}. */
  look(): boolean {
    this.process?.checkBounds();
    if (!this.#dirty) return false;
    this.#dirty = false;
    this.process?.look();
    if (!this.isRunning) return false;
    this.display.check(this.screen());
    this.#decide();
    return true;
  }

  screen(): readonly ShownConversation[] {
    return this.process?.screen() ?? [];
  }

  messagesWith(other: string): ShownConversation['messages'] {
    return this.screen().find((conversation) => conversation.other === other)?.messages ?? [];
  }

  #typeOn(): void {
    const { process } = this;
    const summary = this.#world.dice.pickAny(process?.engine?.snapshot.get().conversations ?? []);
    if (process && summary) void this.#write(process, summary.key);
  }

  async #write(process: Process, key: ConversationKey): Promise<void> {
    const text = `${this.name}-${++this.#texts}`;
    const conversation = process.screen().find((shown) => shown.key === key);
    const written = this.#world.ledger.write({
      text,
      author: this.name,
      audience: conversation?.other ?? null,
      after: [...(conversation?.messages.map((message) => message.text) ?? []), ...this.#sendingTo(process, key)].slice(
        -AFTER_MAX,
      ),
    });
    this.#note('writes', text);
    written.outcome = 'unknown';
    this.#sending.set(text, { process, key });
    const fault = await process.send(key, text);
    this.#sending.delete(text);
    if (!process.alive) return;
    this.#note(fault === null ? 'is queued' : `is refused (${fault})`, text);
    if (fault === null) {
      written.outcome = 'accepted';
      this.display.promised(text);
    } else if (fault !== 'storage_broken') written.outcome = 'refused';
    this.#dirty = true;
  }

  #sendingTo(process: Process, key: ConversationKey): readonly string[] {
    return [...this.#sending].filter(([, to]) => to.process === process && to.key === key).map(([text]) => text);
  }

  #started(process: Process, fault: StartFault | null): void {
    this.#dirty = true;
    if (fault !== null) {
      this.#note(`doesn't start (${fault})`, process.label);
      if (fault === 'storage_damaged') this.#world.broke(new Violation('stays', `${process.label} lost its keys`));
      this.#reload(process);
      return;
    }
    const { self } = process.engine?.snapshot.get() ?? {};
    if (self?.state === 'nameless') void this.#chooseName(process);
    else if (self) this.#world.isPerson(self.person, this.name);
  }

  async #chooseName(process: Process): Promise<void> {
    const chosen = await process.engine?.chooseName(this.name);
    if (!process.alive || !chosen) return;
    const self = process.engine?.snapshot.get().self;
    if (self?.state === 'named') this.#world.isPerson(self.person, this.name);
    else this.#later(TRY_AGAIN_MS, () => void this.#chooseName(process));
  }

  /** What the app does where the store is gone or another tab has written: it begins anew. */
  #reload(process: Process): void {
    process.kill();
    this.#gone(process);
    this.#later(TRY_AGAIN_MS, () => this.startIfGone());
  }

  /** A process is no more; with the newest go those that it had taken over from. */
  #gone(process: Process): void {
    const at = this.#processes.indexOf(process);
    if (at < 0) return;
    if (at === this.#processes.length - 1) this.#endAll('killed');
    else this.#processes.splice(at, 1);
  }

  startIfGone(): void {
    if (this.#processes.length === 0) this.start();
  }

  #decide(): void {
    const { process } = this;
    for (const request of process?.engine?.snapshot.get().requests ?? []) {
      if (this.#deciding.has(request.id)) continue;
      this.#deciding.add(request.id);
      this.#later(this.manners.thinks(), () => this.#decided(request));
    }
  }

  #decided({ id }: IncomingRequest): void {
    this.#deciding.delete(id);
    this.#dirty = true;
    const { engine } = this.process ?? {};
    if (!engine?.snapshot.get().requests.some((request) => request.id === id)) return;
    const declines = this.manners.declines();
    this.#note(declines ? 'declines' : 'accepts', '');
    if (declines) engine.decline(id);
    else void engine.accept(id);
  }

  #later(ms: number, act: () => void): void {
    this.#world.clock.after(ms, act);
  }

  #note(what: string, detail: string): void {
    this.#world.trace.add(this.#world.time.now, this.name, what, detail);
  }

  #guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (error instanceof Violation) this.#world.broke(error);
      else throw error;
    }
  }
}
