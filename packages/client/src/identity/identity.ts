import {
  certificateTranscript,
  deviceIdOf,
  fail,
  ok,
  personIdOf,
  type Result,
  SIGNATURE_BYTES,
} from '@earshot/protocol';
import type { Crypto, StorageFault, StorageKey, StoragePort } from '../ports/index.ts';
import type { LocalIdentity } from './types.ts';

/** The person's key, which a backup may carry to another device. */
export const PERSON_KEY: StorageKey = ['identity', 'person'];
/** This device's key and the person's certificate for it. */
const DEVICE_KEY: StorageKey = ['identity', 'device'];

export type IdentityFault =
  | Exclude<StorageFault, 'conflict'>
  /** Something is stored, but no longer a whole identity. Never overwritten: it may be all that is left of a person's key. */
  | 'damaged';

interface IdentityPorts {
  readonly crypto: Crypto;
  readonly storage: StoragePort;
}

/**
 * The identity that this store holds; on the first visit a new person with a new device, durable before it is answered.
 * Two tabs that make one at the same time both get the one that was stored first.
 */
export const openIdentity = async (ports: IdentityPorts): Promise<Result<LocalIdentity, IdentityFault>> => {
  const stored = await load(ports);
  return stored ?? (await create(ports));
};

const create = async (ports: IdentityPorts): Promise<Result<LocalIdentity, IdentityFault>> => {
  const { crypto, storage } = ports;
  const [personKey, deviceKey] = await Promise.all([crypto.generateKey('portable'), crypto.generateKey('device')]);
  const person = personIdOf(personKey.publicKey);
  const device = deviceIdOf(deviceKey.publicKey);
  const certificate = await personKey.sign(certificateTranscript(person, device));
  const written = await storage.commit({
    checks: [PERSON_KEY, DEVICE_KEY].map((key) => ({ key, is: null })),
    puts: [
      { key: PERSON_KEY, value: { publicKey: personKey.publicKey, key: personKey.stored } },
      { key: DEVICE_KEY, value: { certificate, key: deviceKey.stored } },
    ],
  });
  if (written.ok) return ok({ identity: { person, device, certificate }, device: deviceKey });
  if (written.error !== 'conflict') return fail(written.error);
  return (await load(ports)) ?? fail('broken');
};

/** `undefined` where nothing is stored. */
const load = async ({ crypto, storage }: IdentityPorts): Promise<Result<LocalIdentity, 'damaged'> | undefined> => {
  const [person, device] = await Promise.all([storage.get(PERSON_KEY), storage.get(DEVICE_KEY)]);
  if (person === undefined && device === undefined) return undefined;
  if (!isStoredPerson(person) || !isStoredDevice(device)) return fail('damaged');
  try {
    const key = await crypto.loadKey(device.key);
    const { certificate } = device;
    return ok({
      identity: { person: personIdOf(person.publicKey), device: deviceIdOf(key.publicKey), certificate },
      device: key,
    });
  } catch {
    return fail('damaged');
  }
};

const isStoredPerson = (value: unknown): value is { readonly publicKey: Uint8Array; readonly key: unknown } =>
  typeof value === 'object' &&
  value !== null &&
  'key' in value &&
  'publicKey' in value &&
  value.publicKey instanceof Uint8Array &&
  value.publicKey.length === 32;

const isStoredDevice = (value: unknown): value is { readonly certificate: Uint8Array; readonly key: unknown } =>
  typeof value === 'object' &&
  value !== null &&
  'key' in value &&
  'certificate' in value &&
  value.certificate instanceof Uint8Array &&
  value.certificate.length === SIGNATURE_BYTES;
