import { expect, it } from 'vitest';
import { parseTheme } from './theme.ts';

it.each([
  ['light', 'light'],
  ['dark', 'dark'],
  ['system', 'system'],
  [null, 'system'],
  ['', 'system'],
  ['LIGHT', 'system'],
])('what was stored as %s is the theme %s', (stored, theme) => expect(parseTheme(stored)).toBe(theme));
