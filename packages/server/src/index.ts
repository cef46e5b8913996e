export { createMemoryHolds } from './holds/memory-holds.ts';
export { createIntroducer } from './introducer/create-introducer.ts';
export { DEFAULT_LIMITS, type Limits } from './introducer/limits.ts';
export type {
  Clock,
  Connection,
  Hold,
  HoldStore,
  IceList,
  Introducer,
  IntroducerDeps,
  IntroducerSettings,
  LogEvent,
  Visitor,
} from './introducer/types.ts';
export { type RunningServer, type ServerOptions, startServer } from './process/start-server.ts';
export { DEFAULT_SETTINGS, type Settings } from './settings/settings.ts';
