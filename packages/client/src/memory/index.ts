export { createVirtualClock, type VirtualClock, VirtualTime } from './clock.ts';
export { createMemoryCrypto } from './crypto.ts';
export { createRandom, type SeededRandom } from './crypto-random.ts';
export { type MemoryLink, MemoryNetwork, type MemoryNetworkOptions, type MemoryRtc } from './rtc-network.ts';
export {
  type AcceptSocket,
  type FrameInTransit,
  type MemorySocketOptions,
  type MemorySocketPort,
  MemorySockets,
  type ServerEnd,
  type ServerSide,
} from './socket.ts';
export {
  type CommitFate,
  createMemoryDisk,
  type MemoryDisk,
  type MemoryStorage,
  type MemoryStorageOptions,
} from './storage.ts';
