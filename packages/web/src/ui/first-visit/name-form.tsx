import { useId, useState } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import { words } from '../words.ts';

interface NameFormProps {
  readonly button: string;
  readonly initial?: string;
  /** A sentence that the box is described by, before anything went wrong. */
  readonly why?: string | null;
  readonly focus?: boolean;
  readonly onChosen?: () => void;
}

/** The box for one's own name: first visit, a name that is taken, another name later. */
export const NameForm = ({ button, initial = '', why = null, focus = false, onChosen }: NameFormProps) => {
  const { engine } = useApp();
  const [text, setText] = useState(initial);
  const [fault, setFault] = useState<string | null>(null);
  const id = useId();
  const said = fault ?? why;

  const choose = async (): Promise<void> => {
    const chosen = await engine.chooseName(text);
    setFault(chosen.ok ? null : words.name[chosen.error]);
    if (chosen.ok) onChosen?.();
  };

  return (
    <form
      class="name-form"
      onSubmit={(event) => {
        event.preventDefault();
        void choose();
      }}
    >
      <label class="label" for={id}>
        {words.first.name}
      </label>
      <div class="field-row">
        <input
          id={id}
          class="field"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          ref={(input) => {
            if (focus && input && !input.dataset['seen']) {
              input.dataset['seen'] = '';
              input.focus();
            }
          }}
          autocomplete="nickname"
          autocapitalize="words"
          spellcheck={false}
          enterkeyhint="go"
          aria-invalid={fault !== null}
          aria-describedby={said === null ? undefined : `${id}-said`}
        />
        <button class="button button-first">{button}</button>
      </div>
      {said !== null && (
        <p id={`${id}-said`} class={fault === null ? 'hint' : 'fault'} role={fault === null ? undefined : 'alert'}>
          {said}
        </p>
      )}
    </form>
  );
};
