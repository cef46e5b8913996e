import type { Engine } from '@earshot/client';
import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Announcer, announce } from './announcer.tsx';
import { type App, AppProvider, NOTHING_REACHED, useApp } from './app-context.ts';
import { FirstVisit } from './first-visit/first-visit.tsx';
import { Home } from './home/home.tsx';
import { useFocusAtHome, useShortcuts } from './home/shortcuts.ts';
import { useNewsElsewhere } from './news.ts';
import { toSignal } from './observed.ts';
import { lazily } from './parts/lazy.tsx';
import { createReach } from './reach.ts';
import { RequestDialog } from './requests/request-dialog.tsx';
import type { Route } from './route.ts';
import type { Router } from './router.ts';
import { useTitle } from './title.ts';
import { wide } from './viewport.ts';
import { words } from './words.ts';

const loadConversation = () => import('./conversation/conversation.tsx');
const Conversation = lazily(async () => (await loadConversation()).Conversation);
const Settings = lazily(async () => (await import('./settings/settings.tsx')).Settings);

/** Earshot with an engine that runs. */
export const RunningApp = ({ engine, router }: { readonly engine: Engine; readonly router: Router }) => {
  const [app, end] = useMemo((): readonly [App, () => void] => {
    const [snapshot, stop] = toSignal(engine.snapshot);
    const reaching = signal(NOTHING_REACHED);
    return [{ engine, snapshot, router, announce, reaching, reach: createReach(engine, router, reaching) }, stop];
  }, [engine, router]);
  useEffect(() => end, [end]);

  return (
    <AppProvider value={app}>
      <Screens app={app} />
      <Announcer />
    </AppProvider>
  );
};

const Screens = ({ app }: { readonly app: App }) => {
  const { self, link, conversations, requests } = app.snapshot.value;
  const route = app.router.route.value;
  useTitle(app);
  useNewsElsewhere(app);
  useShortcuts(app);
  useFocusAtHome(app);

  const named = self.state === 'named';
  useEffect(() => {
    if (named && route.at === 'to') void app.reach(route.name, 'replace');
  }, [named, route]);

  // The first screen asks for a name alone: what a conversation needs comes after it, before anybody asks for one.
  useEffect(() => {
    if (named) loadConversation().catch(() => undefined);
  }, [named]);

  if (!named) return <FirstVisit invitedBy={route.at === 'to' ? route.name : null} taken={null} />;
  if (link.state === 'name_taken' && conversations.length === 0) {
    return <FirstVisit invitedBy={null} taken={link.name} />;
  }
  const [request] = requests;
  return (
    <>
      {wide.value ? <TwoPanes route={route} /> : <OnePane route={route} />}
      {request && <RequestDialog key={request.id} request={request} waiting={requests.length - 1} />}
    </>
  );
};

const OnePane = ({ route }: { readonly route: Route }) => (
  <main class="pane">{route.at === 'home' || route.at === 'to' ? <Home /> : <Place route={route} />}</main>
);

const TwoPanes = ({ route }: { readonly route: Route }) => (
  <div class="panes">
    <div class="pane pane-side">
      <Home />
    </div>
    <main class="pane">
      <Place route={route} />
    </main>
  </div>
);

const Place = ({ route }: { readonly route: Route }) => {
  switch (route.at) {
    case 'conversation':
      return <Conversation key={route.key} conversationKey={route.key} />;
    case 'settings':
      return <Settings />;
    case 'home':
    case 'to':
      return <NothingChosen />;
  }
};

const NothingChosen = () => {
  const { conversations } = useApp().snapshot.value;
  return <p class="nothing-chosen">{conversations.length > 0 ? words.home.choose : words.home.begin}</p>;
};
