import type { Engine } from '@earshot/client';
import type { Signal } from '@preact/signals';
import { askToPersist } from '../adapters/persistence.ts';
import { type App, NOTHING_REACHED, type Reaching } from './app-context.ts';
import { parseReached } from './invite.ts';
import { HOME } from './route.ts';
import type { Router } from './router.ts';
import { words } from './words.ts';

export const createReach = (engine: Engine, router: Router, reaching: Signal<Reaching>): App['reach'] => {
  return async (text, how = 'push') => {
    const refuse = (why: keyof typeof words.connect): void => {
      reaching.value = { text, fault: words.connect[why] };
      if (router.route.value.at === 'to') router.go(HOME, 'replace');
    };
    const reached = parseReached(text, location.origin);
    if (reached.kind === 'elsewhere') return refuse('elsewhere');
    const connected = await engine.connect(reached.name);
    if (!connected.ok) return refuse(connected.error);
    reaching.value = NOTHING_REACHED;
    router.go({ at: 'conversation', key: connected.value }, how);
    void askToPersist();
  };
};
