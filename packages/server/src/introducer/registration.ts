import { type Claim, encodeSignal, foldName, type Name, verifyClaim } from '@earshot/protocol';
import { CLOSE } from './close-codes.ts';
import type { Guest } from './guest.ts';
import type { House } from './house.ts';

/** A plain client's: free names only, and one for each connection. */
export const takeName = (house: House, guest: Guest, name: Name, folded: string): void => {
  if (house.plainClients === 'refused') return guest.end(CLOSE.policy, 'plain', 'plain_refused');
  if (guest.folded !== undefined && guest.folded !== folded) return guest.refuse('already_registered');
  if (!house.mayRegister(guest)) return guest.refuse('rate_limited');
  if (guest.folded === undefined && !house.names.mayTake(folded, 'plain')) return taken(house, guest, name);
  guest.settle(name, folded, null);
  house.registered(guest, folded);
};

/** A client's with keys: its person's for as long as the hold lasts. */
export const claimName = async (
  house: House,
  guest: Guest,
  { name, nonce, claim }: { readonly name: Name; readonly nonce: Uint8Array; readonly claim: Claim },
): Promise<void> => {
  const { key: identity, nonce: clientNonce, signature } = claim;
  const { host } = guest.connection;
  const facts = { host: host ?? '', serverNonce: nonce, clientNonce, name };
  const proved = host !== null && (await verifyClaim(house.verify, identity, facts, signature));
  if (!proved) return guest.refuse('claim_invalid');
  const { person, device } = identity;
  if (guest.key && (guest.key.person !== person || guest.key.device !== device)) {
    return guest.refuse('already_registered');
  }
  const folded = foldName(name);
  if (!house.names.mayTake(folded, person)) return taken(house, guest, name);
  await house.names.hold(folded, person);
  if (guest.isGone) return;
  // Where the hold couldn't be stored, somebody else may have come meanwhile.
  if (!house.names.mayTake(folded, person)) return taken(house, guest, name);
  makeRoom(house, guest, folded, device);
  const before = guest.folded;
  guest.settle(name, folded, { person, device });
  house.registered(guest, folded);
  if (before !== undefined && before !== folded) await house.names.release(before);
};

/** The device's own older connection yields, or, where a person has too many devices, the oldest. */
const makeRoom = (house: House, guest: Guest, folded: string, device: string): void => {
  const others = house.directory.devices(folded).filter((other) => other !== guest);
  const same = others.find(({ key }) => key?.device === device);
  const yields = same ?? (others.length >= house.limits.devicesPerName ? others[0] : undefined);
  yields?.end(CLOSE.replaced, 'replaced');
};

const taken = (house: House, guest: Guest, name: Name): void => {
  house.log({ event: 'refused', code: 'user_already_exists' });
  guest.hear(encodeSignal({ type: 'user_already_exists', data: name }));
};
