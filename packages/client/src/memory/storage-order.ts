import type { StorageKey } from '../ports/index.ts';

/** As IndexedDB orders arrays: numbers before strings, strings by UTF-16 unit, a tuple before its extensions. */
export const compareKeys = (a: StorageKey, b: StorageKey): number => {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a[i];
    const y = b[i];
    if (x === y || x === undefined || y === undefined) continue;
    if (typeof x === typeof y) return x < y ? -1 : 1;
    return typeof x === 'number' ? -1 : 1;
  }
  return a.length - b.length;
};

export const hasPrefix = (key: StorageKey, prefix: StorageKey): boolean => {
  for (let i = 0; i < prefix.length; i++) if (key[i] !== prefix[i]) return false;
  return true;
};

/** What stored values are made of, copied as a structured clone would; what is opaque (a key) is kept as it is. */
export const copyValue = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) return value.map(copyValue);
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) copy[name] = copyValue(field);
  return copy;
};
