/** What this browser or page lacks for Earshot to run. */
export type Lack = 'secure_page' | 'rtc' | 'storage' | 'keys' | 'locks';

/** The first thing that is missing; `null` where all is there. */
export const findLack = async (): Promise<Lack | null> => {
  if (!window.isSecureContext) return 'secure_page';
  if (!('RTCPeerConnection' in window)) return 'rtc';
  if (!('indexedDB' in window)) return 'storage';
  if (!('locks' in navigator)) return 'locks';
  return (await hasEd25519()) ? null : 'keys';
};

/** There is no way to ask but to make a key (Secure Curves in the Web Cryptography API). */
const hasEd25519 = async (): Promise<boolean> => {
  try {
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    return true;
  } catch {
    return false;
  }
};
