import type { Load } from './contenders.ts';

/** What the bench asks of a server's process: user and system time so far, µs; or resident memory after a collection, bytes. */
export type ServerOrder = 'cpu' | 'memory';

/** What it asks of a crowd's process. `dial`: until so many have come. Each order is answered when it is done. */
export type CrowdOrder =
  | { readonly order: 'dial'; readonly users: number }
  | { readonly order: 'relay'; readonly load: Load; readonly messages: number };
