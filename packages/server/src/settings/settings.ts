import { DEFAULT_LIMITS, type Limits } from '../introducer/limits.ts';

export interface Settings {
  /** 0: any free one. */
  readonly port: number;
  /** Where the names' holds and the certificate live; `null`: nothing is kept. */
  readonly dataDir: string | null;
  /** Where people reach this server; no other address is taken for its own then. None: any of this machine's. */
  readonly publicUrls: readonly URL[];
  readonly plainClients: 'admitted' | 'refused';
  /** How long a name waits for its absent owner, days. */
  readonly holdDays: number;
  readonly proxy: 'none' | 'trusted';
  readonly stunUrls: readonly string[];
  readonly turnUrls: readonly string[];
  readonly turnSecret: string;
  readonly limits: Limits;
}

export const DEFAULT_SETTINGS: Settings = {
  port: 3000,
  dataDir: null,
  publicUrls: [],
  plainClients: 'admitted',
  holdDays: 30,
  proxy: 'none',
  stunUrls: [],
  turnUrls: [],
  turnSecret: '',
  limits: DEFAULT_LIMITS,
};
