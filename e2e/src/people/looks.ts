/** The two sizes and two themes that everything is looked at in. */
export const SIZES = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
} as const;
export const THEMES = ['light', 'dark'] as const;

export type SizeName = keyof typeof SIZES;
export type Theme = (typeof THEMES)[number];

export const LOOKS: readonly { readonly size: SizeName; readonly theme: Theme }[] = (
  Object.keys(SIZES) as SizeName[]
).flatMap((size) => THEMES.map((theme) => ({ size, theme })));
