import { personIdOf } from '@earshot/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PICTURE_SIZE, pictureOf } from './picture.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(personIdOf);

describe('the picture of a key', () => {
  it('is the same each time, mirrored, and within its square', () => {
    fc.assert(
      fc.property(key, (person) => {
        const picture = pictureOf(person);
        expect(pictureOf(person)).toEqual(picture);
        const cells = new Set(picture.cells.map(([column, row]) => `${column}.${row}`));
        expect(cells.size).toBe(picture.cells.length);
        for (const [column, row] of picture.cells) {
          expect(cells).toContain(`${PICTURE_SIZE - 1 - column}.${row}`);
          expect(Math.min(column, row)).toBeGreaterThanOrEqual(0);
          expect(Math.max(column, row)).toBeLessThan(PICTURE_SIZE);
        }
      }),
    );
  });

  it('differs for keys that differ in what it is drawn from', () => {
    const pictures = Array.from({ length: 100 }, (_, seed) =>
      JSON.stringify(
        pictureOf(personIdOf(Uint8Array.from({ length: 32 }, (_, i) => (seed * 89 + i * i * 31 + seed * i * 7) % 256))),
      ),
    );
    expect(new Set(pictures).size).toBeGreaterThan(95);
  });
});
