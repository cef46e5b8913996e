export * from './engine-types.ts';
export { type Observable, Subject } from './observable.ts';
export * from './ports/index.ts';
