export { createWebCrypto } from './crypto/web-crypto.ts';
export { createEngine, type EngineOptions, type StartFault } from './engine/create-engine.ts';
export * from './engine-types.ts';
export { type CodeEmoji, emojiOf } from './identity/emoji.ts';
export { type Observable, Subject } from './observable.ts';
export * from './ports/index.ts';
