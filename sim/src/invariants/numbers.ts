import type { EntryHeader } from '@earshot/protocol';
import { Violation } from './violation.ts';

/** What no two entries may share. */
export type Numbered = Pick<EntryHeader, 'conversation' | 'author' | 'epoch' | 'seq'>;

/** Every entry that any wire or disk has seen, by its author's number. */
export class Numbers {
  readonly #ids = new Map<string, string>();

  saw({ conversation, author, epoch, seq }: Numbered, id: string): void {
    const number = `${conversation} ${author} ${epoch} ${seq}`;
    const known = this.#ids.get(number);
    if (known === undefined) this.#ids.set(number, id);
    else if (known !== id)
      throw new Violation('numbers', `two entries are number ${seq} of ${author} in epoch ${epoch}`);
  }
}
