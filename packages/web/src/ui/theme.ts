import { signal } from '@preact/signals';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORED_AS = 'earshot.theme';

export const parseTheme = (text: string | null): Theme => THEMES.find((theme) => theme === text) ?? 'system';

/** Some private windows refuse even to be asked. */
const stored = (): string | null => {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
};

export const theme = signal<Theme>('system');

/** What the browser and the phone draw around the app: `--paper` of tokens.css. */
const AROUND = { light: '#f6f5f1', dark: '#131615' } as const;

const colourAround = (chosen: Theme): void => {
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const device = meta.media.includes('dark') ? 'dark' : 'light';
    meta.content = AROUND[chosen === 'system' ? device : chosen];
  }
};

/** The styles follow `data-theme`; without it, the device. */
const show = (chosen: Theme): void => {
  theme.value = chosen;
  colourAround(chosen);
  if (chosen === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
};

/** Shows what was chosen before; call it before anything is drawn. */
export const restoreTheme = (): void => show(parseTheme(stored()));

export const chooseTheme = (chosen: Theme): void => {
  show(chosen);
  try {
    localStorage.setItem(STORED_AS, chosen);
  } catch {
    // Then it holds until the page is closed.
  }
};
