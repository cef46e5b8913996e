import type { DeviceId, Key, PersonId } from '@earshot/protocol';

/** Somebody who is here: a connection that has a name. */
export interface Present {
  /** Who they proved to be; `null` for a plain client. */
  readonly key: Key | null;
}

/** Who is here, by folded name. A name belongs to one plain client, or to the devices of one person, the newest last. */
export class Directory<P extends Present> {
  readonly #names = new Map<string, P[]>();
  #present = 0;

  /** Connections with a name. */
  get present(): number {
    return this.#present;
  }

  /** That device, or the newest where none is named. A plain client has no device. */
  find(folded: string, device: DeviceId | undefined): P | undefined {
    const here = this.#names.get(folded);
    if (here === undefined || device === undefined) return here?.at(-1);
    return here.find(({ key }) => key?.device === device);
  }

  /** `free`: nobody is here by it. */
  holder(folded: string): PersonId | 'plain' | 'free' {
    const here = this.#names.get(folded)?.[0];
    return here === undefined ? 'free' : (here.key?.person ?? 'plain');
  }

  devices(folded: string): readonly P[] {
    return this.#names.get(folded) ?? [];
  }

  add(folded: string, present: P): void {
    const here = this.#names.get(folded);
    if (here) here.push(present);
    else this.#names.set(folded, [present]);
    this.#present++;
  }

  /** Harmless for somebody who isn't there. */
  remove(folded: string, present: P): void {
    const here = this.#names.get(folded);
    const at = here?.indexOf(present) ?? -1;
    if (here === undefined || at === -1) return;
    here.splice(at, 1);
    if (here.length === 0) this.#names.delete(folded);
    this.#present--;
  }

  /** Folded names that keys hold by being here. */
  *held(): Iterable<readonly [folded: string, person: PersonId]> {
    for (const [folded, [first]] of this.#names) if (first?.key) yield [folded, first.key.person];
  }
}
