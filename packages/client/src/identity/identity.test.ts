import { idBytes, type PersonId, personIdOf, verifyIdentity } from '@earshot/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWebCrypto } from '../crypto/web-crypto.ts';
import { createMemoryCrypto } from '../memory/crypto.ts';
import type { Batch, StorageKey, StoragePort } from '../ports/index.ts';
import { CODE_EMOJI, emojiOf } from './emoji.ts';
import { openIdentity, PERSON_KEY } from './identity.ts';
import { safetyNumber } from './safety-number.ts';

/** As much of a store as an identity needs. */
const smallStore = (): StoragePort & { readonly values: Map<string, unknown>; commits: number } => {
  const values = new Map<string, unknown>();
  const name = (key: StorageKey): string => JSON.stringify(key);
  return {
    values,
    commits: 0,
    get: async (key) => values.get(name(key)),
    list: async () => [],
    async commit(batch: Batch) {
      this.commits++;
      for (const { key, is } of batch.checks ?? []) {
        if ((values.get(name(key)) ?? null) !== is) return { ok: false, error: 'conflict' };
      }
      for (const { key, value } of batch.puts ?? []) values.set(name(key), structuredClone(value));
      return { ok: true, value: undefined };
    },
  };
};

describe.each([
  ['WebCrypto', createWebCrypto()],
  ['the memory crypto', createMemoryCrypto(1)],
])('an identity on %s', (_, crypto) => {
  test('is made once, certified, and the same after a restart', async () => {
    const storage = smallStore();
    const made = await openIdentity({ crypto, storage });
    const loaded = await openIdentity({ crypto, storage });
    if (!made.ok || !loaded.ok) throw new Error('no identity');
    expect(loaded.value.identity).toEqual(made.value.identity);
    expect(await verifyIdentity(crypto.verify, made.value.identity)).toBe(true);
    const signature = await loaded.value.device.sign(Uint8Array.of(1));
    expect(await crypto.verify(idBytes(made.value.identity.device), Uint8Array.of(1), signature)).toBe(true);
    expect(storage.commits).toBe(1);
  });

  test('is one where two tabs make it at once', async () => {
    const storage = smallStore();
    const [a, b] = await Promise.all([openIdentity({ crypto, storage }), openIdentity({ crypto, storage })]);
    if (!a.ok || !b.ok) throw new Error('no identity');
    expect(a.value.identity).toEqual(b.value.identity);
    expect(a.value.device.publicKey).toEqual(b.value.device.publicKey);
    expect(storage.commits).toBe(2);
  });
});

describe('an identity that can’t be had', () => {
  const crypto = createMemoryCrypto(1);

  test.each(['full', 'broken'] as const)('a store that is %s says so', async (fault) => {
    const storage = { ...smallStore(), commit: async () => ({ ok: false, error: fault }) as const };
    expect(await openIdentity({ crypto, storage })).toEqual({ ok: false, error: fault });
  });

  test.each([
    ['half of it is gone', (values: Map<string, unknown>) => values.delete(JSON.stringify(PERSON_KEY))],
    [
      'its key is junk',
      (values: Map<string, unknown>) =>
        values.set('["identity","device"]', { certificate: new Uint8Array(64), key: 1 }),
    ],
    ['it is a number', (values: Map<string, unknown>) => values.set(JSON.stringify(PERSON_KEY), 1)],
  ])('is damaged and left alone where %s', async (_, damage) => {
    const storage = smallStore();
    await openIdentity({ crypto, storage });
    damage(storage.values);
    const before = new Map(storage.values);
    expect(await openIdentity({ crypto, storage })).toEqual({ ok: false, error: 'damaged' });
    expect(storage.values).toEqual(before);
  });
});

describe('the safety number', () => {
  const { hash } = createWebCrypto();
  const person = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((key) => personIdOf(key));

  test('is twelve groups of five digits, whoever comes first', () => {
    fc.assert(
      fc.property(person, person, (a, b) => {
        const number = safetyNumber(hash, a, b);
        expect(number).toMatch(/^\d{5}( \d{5}){11}$/);
        expect(safetyNumber(hash, b, a)).toBe(number);
      }),
    );
  });

  test('is another for any other key', () => {
    const id = (byte: number): PersonId => personIdOf(new Uint8Array(32).fill(byte));
    const numbers = Array.from({ length: 200 }, (_, i) => safetyNumber(hash, id(0), id(i)));
    expect(new Set(numbers).size).toBe(200);
    expect(numbers[1]).toBe('72106 47785 60117 53581 31210 33544 79194 79957 59648 88137 36924 02476');
  });

  test('keeps leading zeros', () => {
    const id = personIdOf(new Uint8Array(32));
    expect(safetyNumber(() => Uint8Array.of(7), id, id)).toBe(`${'00000 '.repeat(11)}00007`);
  });
});

describe('the pictures of the short code', () => {
  test('are 64, none twice, with a plain word each', () => {
    expect(CODE_EMOJI).toHaveLength(64);
    expect(new Set(CODE_EMOJI.map(({ emoji }) => emoji)).size).toBe(64);
    expect(new Set(CODE_EMOJI.map(({ name }) => name)).size).toBe(64);
    for (const { emoji, name } of CODE_EMOJI) {
      expect(emoji).toMatch(/^\p{RGI_Emoji}$/v);
      expect(name).toMatch(/^[a-z]{3,12}$/);
    }
  });

  test('are found by number, and nothing above 63 is', () => {
    expect(emojiOf([0, 63]).map(({ name }) => name)).toEqual(['dog', 'bell']);
    expect(() => emojiOf([64])).toThrow('Bug');
  });
});
