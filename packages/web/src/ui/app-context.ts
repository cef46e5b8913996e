import type { Engine, EngineSnapshot } from '@earshot/client';
import type { ReadonlySignal, Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Router } from './router.ts';

/** What is written in the box where people are reached, and why that led nowhere, if it did. */
export interface Reaching {
  readonly text: string;
  readonly fault: string | null;
}

export const NOTHING_REACHED: Reaching = { text: '', fault: null };

/** What every screen may look at and act on. */
export interface App {
  readonly engine: Engine;
  readonly snapshot: ReadonlySignal<EngineSnapshot>;
  readonly router: Router;
  /** Has a screen reader say something once. */
  readonly announce: (text: string) => void;
  readonly reaching: Signal<Reaching>;
  /** By name or invite link: opens the conversation, or says in `reaching` why not. */
  readonly reach: (text: string, how?: 'push' | 'replace') => Promise<void>;
}

const AppContext = createContext<App | null>(null);

export const AppProvider = AppContext.Provider;

export const useApp = (): App => {
  const app = useContext(AppContext);
  if (app === null) throw new Error('Bug: a screen outside of the app');
  return app;
};
