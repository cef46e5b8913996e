import { idBytes, type PersonId } from '@earshot/protocol';

/** A picture of a key: a mirrored pattern of cells in one colour on another. */
export interface Picture {
  /** Cells that are filled, as [column, row] from 0 to {@link PICTURE_SIZE} - 1. */
  readonly cells: readonly (readonly [number, number])[];
  readonly ink: string;
  readonly paper: string;
}

export const PICTURE_SIZE = 5;
const HALF = Math.ceil(PICTURE_SIZE / 2);
const HUES = 256;

/** A key is random bytes: the first two bytes give the colours, a bit of each of the following the cells. */
export const pictureOf = (person: PersonId): Picture => {
  const bytes = idBytes(person);
  const at = (index: number): number => bytes[index] ?? 0;
  const hue = Math.round((at(0) / HUES) * 360);
  // The paper's hue keeps away from the ink's, so that the two stay apart.
  const paperHue = (hue + 40 + Math.round((at(1) / HUES) * 280)) % 360;
  const cells: [number, number][] = [];
  for (let row = 0; row < PICTURE_SIZE; row++) {
    for (let column = 0; column < HALF; column++) {
      if (at(2 + row * HALF + column) < HUES / 2) continue;
      cells.push([column, row]);
      const mirrored = PICTURE_SIZE - 1 - column;
      if (mirrored !== column) cells.push([mirrored, row]);
    }
  }
  return { cells, ink: `hsl(${hue} 62% 36%)`, paper: `hsl(${paperHue} 55% 86%)` };
};
