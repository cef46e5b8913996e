import { fail, type Result } from '@earshot/protocol';
import type { Batch, StorageFault, StorageKey, StoragePort } from '../ports/index.ts';

/** Which engine writes: the number of the latest that took the store over. */
const WRITER: StorageKey = ['writer'];
/** Engines that begin at one moment take turns; more than a few never do. */
const TAKE_OVER_TRIES = 5;

/** A read came to nothing because the store is gone, or belongs to another engine now. */
export class StoreGone extends Error {
  constructor(options?: ErrorOptions) {
    super('The store is gone', options);
    this.name = 'StoreGone';
  }
}

/** What a write that had to read first answers where it couldn't. Bugs go on as they are. */
export const brokenStore = (error: unknown): Result<never, 'broken'> => {
  if (error instanceof StoreGone) return fail('broken');
  throw error;
};

/** A read for the screen alone, which stays as it is where there is nothing to read from. */
export const unlessGone = (error: unknown): void => {
  if (!(error instanceof StoreGone)) throw error;
};

/**
 * Makes this engine the only writer of the store. Whatever an earlier one still has under way, or writes in ignorance of this one, is
 * `broken` to it and never happens: so what this engine reads from now on changes by its own hand alone. `lost` is told once, when it comes
 * out that a later engine took over or that the store is gone.
 */
export const ownStore = async (storage: StoragePort, lost: () => void): Promise<Result<StoragePort, StorageFault>> => {
  for (let tries = 0; tries < TAKE_OVER_TRIES; tries++) {
    const before = await writerOf(storage);
    const number = (before ?? 0) + 1;
    const taken = await storage.commit({
      checks: [{ key: WRITER, is: before }],
      puts: [{ key: WRITER, value: number }],
    });
    if (taken.ok) return { ok: true, value: new OwnStore(storage, number, lost) };
    if (taken.error !== 'conflict') return taken;
  }
  return fail('broken');
};

const writerOf = async (storage: StoragePort): Promise<number | null> => {
  const number = await storage.get(WRITER).catch((cause: unknown) => {
    throw new StoreGone({ cause });
  });
  return typeof number === 'number' ? number : null;
};

class OwnStore implements StoragePort {
  readonly #storage: StoragePort;
  readonly #number: number;
  readonly #lost: () => void;
  #gone = false;

  constructor(storage: StoragePort, number: number, lost: () => void) {
    this.#storage = storage;
    this.#number = number;
    this.#lost = lost;
  }

  get(...[key]: Parameters<StoragePort['get']>): ReturnType<StoragePort['get']> {
    return this.#read(this.#storage.get(key));
  }

  list(...[prefix, options]: Parameters<StoragePort['list']>): ReturnType<StoragePort['list']> {
    return this.#read(this.#storage.list(prefix, options));
  }

  async commit(batch: Batch): Promise<Result<void, StorageFault>> {
    const checks = [{ key: WRITER, is: this.#number }, ...(batch.checks ?? [])];
    const outcome = await this.#storage.commit({ ...batch, checks });
    if (outcome.ok || outcome.error === 'full') return outcome;
    if (outcome.error === 'conflict' && (await this.#isOwn())) return outcome;
    this.#isGone();
    return fail('broken');
  }

  async #isOwn(): Promise<boolean> {
    return (await writerOf(this.#storage).catch(() => null)) === this.#number;
  }

  async #read<T>(read: Promise<T>): Promise<T> {
    try {
      return await read;
    } catch (cause) {
      this.#isGone();
      throw new StoreGone({ cause });
    }
  }

  #isGone(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#lost();
  }
}
