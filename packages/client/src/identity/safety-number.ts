import { type Hash, idBytes, lengthPrefixed, type PersonId } from '@earshot/protocol';

const GROUPS = 12;
const DIGITS_PER_GROUP = 5;
const NUMBERS = 10n ** BigInt(GROUPS * DIGITS_PER_GROUP);

/**
 * Sixty digits in twelve groups of five that two people see alike exactly if each has the other's true key, in whichever order.
 * H(LP("earshot/safety/1", lesser key, greater key)), 256 bits read as one big-endian number, modulo 10^60: 199 bits are
 * left, which nobody can meet by trying keys, so no rounds of hashing are needed on top; the bias of the modulo is under 2^-56.
 */
export const safetyNumber = (hash: Hash, a: PersonId, b: PersonId): string => {
  const [first, second] = a < b ? [a, b] : [b, a];
  const digest = hash(lengthPrefixed('earshot/safety/1', idBytes(first), idBytes(second)));
  const number = digest.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) % NUMBERS;
  const digits = number.toString().padStart(GROUPS * DIGITS_PER_GROUP, '0');
  return Array.from({ length: GROUPS }, (_, i) => digits.slice(i * DIGITS_PER_GROUP, (i + 1) * DIGITS_PER_GROUP)).join(
    ' ',
  );
};
