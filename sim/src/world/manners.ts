import type { SendTap } from './wire.ts';

/** What a person does when somebody asks to be let in. */
export interface Manners {
  /** How long they think, ms. */
  thinks(): number;
  declines(): boolean;
}

export interface PersonOptions {
  readonly name: string;
  readonly manners: Manners;
  readonly tap: SendTap;
  onDisk(device: string, text: string): boolean;
}
