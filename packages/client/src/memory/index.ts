export { createMemoryCrypto } from './crypto.ts';
export { createRandom, type SeededRandom } from './crypto-random.ts';
