export { type ClockCheck, type ClockHarness, clockConformance } from './clock.ts';
export { type CryptoCheck, cryptoConformance } from './crypto.ts';
export { type RtcCheck, type RtcPair, rtcConformance } from './rtc.ts';
export { type SocketCheck, type SocketHarness, socketConformance } from './socket.ts';
export { type StorageCheck, storageConformance } from './storage.ts';
