import type { SendTap } from './wire.ts';

/** What a person does when somebody asks to be let in. */
export interface Manners {
  /** How long they think, ms. */
  thinks(): number;
  declines(): boolean;
  /** Whether they finish another message in the very moment in which their device stores something. */
  typesOn(): boolean;
}

export interface PersonOptions {
  readonly name: string;
  readonly manners: Manners;
  readonly tap: SendTap;
  onDisk(device: string, text: string): boolean;
}
