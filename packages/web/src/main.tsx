import { render } from 'preact';
import { registerWorker } from './pwa/register.ts';
import { Root } from './start/root.tsx';
import { start } from './start/stage.ts';
import { restoreTheme } from './ui/theme.ts';
import { followKeyboard } from './ui/viewport.ts';
import './ui/styles/index.css';

restoreTheme();
followKeyboard();
const place = document.getElementById('app');
if (place === null) throw new Error('Bug: the page has no place for the app');
render(<Root />, place);
await start();
// Without it Earshot works all the same, but not from a cold start without a network.
if (import.meta.env.PROD) await registerWorker().catch(() => undefined);
