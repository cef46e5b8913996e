export { type CryptoCheck, cryptoConformance } from './crypto.ts';
