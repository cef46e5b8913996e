import type { LinkStatus } from '@earshot/client';
import { useApp } from '../app-context.ts';
import { NameForm } from '../first-visit/name-form.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { Icon } from '../parts/icon.tsx';
import { formatRoute } from '../route.ts';
import { words } from '../words.ts';
import { ConversationList } from './conversation-list.tsx';
import { Invite } from './invite.tsx';
import { ReachForm } from './reach-form.tsx';

/** Whom this person talks to, and how to reach someone new. */
export const Home = () => {
  const { snapshot } = useApp();
  const { self, link, conversations } = snapshot.value;
  if (self.state === 'nameless') return null;
  return (
    <>
      <header class="home-head">
        <Avatar person={self.person} name={self.name} />
        <div class="home-self">
          <h1 class="home-name">{self.name}</h1>
          <LinkText link={link} />
        </div>
        <a class="button button-icon" href={formatRoute({ at: 'settings' })} aria-label={words.settings.title}>
          <Icon name="settings" />
        </a>
      </header>
      <section class="home-reach" aria-label={words.home.reach}>
        {link.state === 'name_taken' && <NameForm button={words.useName} why={words.taken(link.name)} focus />}
        <ReachForm />
      </section>
      <nav class="home-list" aria-label={words.home.conversations}>
        {conversations.length > 0 ? <ConversationList /> : <Empty />}
      </nav>
      <Invite name={self.name} shown={conversations.length === 0} />
    </>
  );
};

const LinkText = ({ link }: { readonly link: LinkStatus }) => {
  if (link.state === 'name_taken') return null;
  const text = link.state === 'refused' ? words.refused[link.reason] : words.link[link.state];
  return (
    <p class="home-link" data-state={link.state}>
      {text}
    </p>
  );
};

const Empty = () => (
  <div class="home-empty">
    <p class="home-empty-title">{words.home.empty}</p>
    <p>{words.home.emptyHow}</p>
  </div>
);
