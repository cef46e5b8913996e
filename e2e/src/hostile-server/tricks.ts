import type { Evil, Message } from './hostile-server.ts';

const DESCRIPTIONS: readonly unknown[] = ['offer_received', 'answer_received'];

const isDescription = (message: Message): message is Message & { readonly data: string } =>
  DESCRIPTIONS.includes(message['type']) && typeof message['data'] === 'string';

const FINGERPRINT_LINE = /^a=fingerprint:.*$/gm;

/** A fingerprint of somebody else's certificate: 32 bytes nobody has the key for. */
const FOREIGN = `a=fingerprint:sha-256 ${Array.from({ length: 32 }, (_, i) => (i * 7 + 1).toString(16).toUpperCase().padStart(2, '0')).join(':')}`;

const rewriting = (rewrite: (sdp: string) => string): Evil => ({
  heard: (message) => [isDescription(message) ? { ...message, data: rewrite(message.data) } : message],
});

/** Every description names another certificate than the one in use. */
export const swappedFingerprint = (): Evil => rewriting((sdp) => sdp.replace(FINGERPRINT_LINE, FOREIGN));

/** A second fingerprint stands beside the true one: browsers differ in which of two they take. */
export const secondFingerprint = (): Evil =>
  rewriting((sdp) => sdp.replace(FINGERPRINT_LINE, (line) => `${line}\r\n${FOREIGN}`));

/** Keeps every offer that passes. */
export const recordingOffers = (kept: Message[]): Evil => ({
  heard: (message) => {
    if (message['type'] === 'offer_received') kept.push(message);
    return [message];
  },
});

/** Whoever asks for `name` is led to `mallory`, and what she says comes as if from `name`, but for the key, which is hers. */
export const impersonating = (name: string, mallory: string): Evil => ({
  said: (message) => [message['target'] === name ? { ...message, target: mallory } : message],
  heard: (message, { name: hearer }) => {
    if (hearer === mallory) return [message];
    const disguised = Object.entries(message).map(([field, value]) => [field, value === mallory ? name : value]);
    return [Object.fromEntries(disguised) as Message];
  },
});
