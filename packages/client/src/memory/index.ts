export { createMemoryCrypto } from './crypto.ts';
export { createRandom, type SeededRandom } from './crypto-random.ts';
export { type MemoryLink, MemoryNetwork, type MemoryNetworkOptions, type MemoryRtc } from './rtc-network.ts';
