import { useApp } from '../app-context.ts';
import { words } from '../words.ts';
import { REACH_ID } from './shortcuts.ts';

export const ReachForm = () => {
  const { reaching, reach } = useApp();
  const { text, fault } = reaching.value;
  const saidId = `${REACH_ID}-said`;
  return (
    <form
      class="reach-form"
      onSubmit={(event) => {
        event.preventDefault();
        void reach(text);
      }}
    >
      <label class="label" for={REACH_ID}>
        {words.home.who}
      </label>
      <div class="field-row">
        <input
          id={REACH_ID}
          class="field"
          value={text}
          onInput={(event) => {
            reaching.value = { text: event.currentTarget.value, fault: null };
          }}
          autocomplete="off"
          autocapitalize="words"
          spellcheck={false}
          enterkeyhint="go"
          aria-invalid={fault !== null}
          aria-describedby={fault === null ? undefined : saidId}
        />
        <button class="button button-first">{words.home.connect}</button>
      </div>
      {fault !== null && (
        <p id={saidId} class="fault" role="alert">
          {fault}
        </p>
      )}
    </form>
  );
};
