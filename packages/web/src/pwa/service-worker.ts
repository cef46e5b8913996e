/// <reference lib="webworker" />
/** A build, as its files are hashed: see build/shell.ts. */
interface Shell {
  readonly build: string;
  readonly files: readonly { readonly path: string; readonly integrity: string }[];
}

declare const self: ServiceWorkerGlobalScope;
/** Written in by the build. */
declare const __SHELL__: Shell;

const shell = __SHELL__;
/** What a page says when its person wants this version: the same words as in register.ts, which a worker can't import from. */
const TAKE_OVER = 'earshot.take-over';
const CACHE_PREFIX = 'earshot-';
const CACHE = `${CACHE_PREFIX}${shell.build}`;
const paths = new Set(shell.files.map(({ path }) => path));

/** All files of this build or none: while a server is in the middle of an update, a file of another build fails by its hash. */
const install = async (): Promise<void> => {
  const cache = await caches.open(CACHE);
  try {
    await cache.addAll(shell.files.map(({ path, integrity }) => new Request(path, { cache: 'no-cache', integrity })));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
};

const forgetOthers = async (): Promise<void> => {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(CACHE_PREFIX) && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
};

/** The cache of this build and no other; the network only where the browser has thrown a file out of it. */
const answer = async (path: string, request: Request): Promise<Response> => {
  const cache = await caches.open(CACHE);
  return (await cache.match(path, { ignoreVary: true })) ?? (await fetch(request));
};

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOthers()));
self.addEventListener('message', ({ data }) => {
  if (data === TAKE_OVER) void self.skipWaiting();
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || !paths.has(url.pathname)) return;
  event.respondWith(answer(url.pathname, request));
});
