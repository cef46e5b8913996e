export { createClock } from './clock.ts';
export { watchNetwork } from './network-events.ts';
export { askToPersist } from './persistence.ts';
export { createRtcPort, type PeerConnectionConstructor } from './rtc.ts';
export { createSocketPort, type ServerAddress } from './socket.ts';
export { type IndexedDbStorage, openIndexedDb } from './storage.ts';
export { createTabLock, type TabLock, type TabLockState } from './tab-lock.ts';
