import { useState } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import { NameForm } from '../first-visit/name-form.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { Icon } from '../parts/icon.tsx';
import { chooseTheme, THEMES, theme } from '../theme.ts';
import { wide } from '../viewport.ts';
import { words } from '../words.ts';

export const Settings = () => {
  const { snapshot, router, announce } = useApp();
  const [saved, setSaved] = useState(false);
  const { self } = snapshot.value;
  const Level = wide.value ? 'h2' : 'h1';
  if (self.state === 'nameless') return null;
  return (
    <div class="settings">
      <header class="conversation-head">
        <button type="button" class="button button-icon" aria-label={words.back} onClick={() => router.back()}>
          <Icon name="back" />
        </button>
        <Level
          class="conversation-title"
          tabIndex={-1}
          ref={(heading: HTMLElement | null) => {
            if (heading && document.activeElement === document.body) heading.focus();
          }}
        >
          {words.settings.title}
        </Level>
      </header>
      <div class="settings-parts">
        <section class="card">
          <NameForm
            button={words.settings.save}
            initial={self.name}
            why={saved ? words.settings.saved : words.settings.nameWhat}
            onChosen={() => {
              setSaved(true);
              announce(words.settings.saved);
            }}
          />
        </section>
        <Look />
        <section class="card card-picture">
          <Avatar person={self.person} name={self.name} />
          <div>
            <p class="label">{words.settings.key}</p>
            <p class="hint">{words.settings.keyWhat}</p>
          </div>
        </section>
        <section class="card">
          <p class="label">{words.settings.stored}</p>
          <p class="hint">{words.settings.storedWhat}</p>
        </section>
      </div>
    </div>
  );
};

const Look = () => (
  <fieldset class="card look">
    <legend class="label">{words.settings.look}</legend>
    <div class="choices">
      {THEMES.map((each) => (
        <label key={each} class="choice">
          <input type="radio" name="theme" checked={theme.value === each} onChange={() => chooseTheme(each)} />
          {words.settings.themes[each]}
        </label>
      ))}
    </div>
  </fieldset>
);
