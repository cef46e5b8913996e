import { signal } from '@preact/signals';

/** Tells the worker that waits to take over. */
const TAKE_OVER = 'earshot.take-over';
/** How often a page that stays open asks for a new version, ms. */
const ASK_EVERY_MS = 60 * 60_000;

/** Takes the new version that waits; `null` while there is none. */
export const newVersion = signal<(() => void) | null>(null);

interface ScriptPolicies {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): {
    createScriptURL(url: string): string;
  };
}

/** Where the server demands trusted types, the address of a script has to come from a policy (Trusted Types, W3C). */
const workerAddress = (): string => {
  const { trustedTypes } = window as Window & { readonly trustedTypes?: ScriptPolicies };
  const address = '/service-worker.js';
  return trustedTypes?.createPolicy('earshot', { createScriptURL: () => address }).createScriptURL(address) ?? address;
};

const offer = (registration: ServiceWorkerRegistration): void => {
  // The first one waits for nobody, and there is no older version to leave.
  if (registration.waiting === null || navigator.serviceWorker.controller === null) return;
  newVersion.value = () => registration.waiting?.postMessage(TAKE_OVER);
};

/** Makes the app start without a network, and tells in `newVersion` when there is a newer one. */
export const registerWorker = async (): Promise<void> => {
  if (!('serviceWorker' in navigator)) return;
  const controlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (controlled) location.reload();
  });
  const registration = await navigator.serviceWorker.register(workerAddress(), { updateViaCache: 'none' });
  offer(registration);
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', () => offer(registration));
  });
  setInterval(() => void registration.update().catch(() => undefined), ASK_EVERY_MS);
};
