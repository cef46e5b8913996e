import { type ConversationSummary, emojiOf } from '@earshot/client';
import { useId } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { words } from '../words.ts';

interface VerifyDialogProps {
  readonly summary: ConversationSummary;
  readonly onDismiss: () => void;
}

/** Two people compare what both of their devices show. */
export const VerifyDialog = ({ summary, onDismiss }: VerifyDialogProps) => {
  const { engine } = useApp();
  const title = useId();
  const { key, name, line, compared } = summary;
  const code = line.state === 'direct' || line.state === 'relayed' ? line.code : null;
  const number = engine.safetyNumber(key);

  const match = async (): Promise<void> => {
    await engine.markCompared(key);
    onDismiss();
  };

  return (
    <Dialog labelledBy={title} class="dialog-verify" onDismiss={onDismiss}>
      <h2 id={title} tabIndex={-1} data-autofocus>
        {words.verify.title(name)}
      </h2>
      {compared && (
        <p class="good">
          <Icon name="compared" /> {words.verify.matched(name)}
        </p>
      )}
      <p>{words.verify.how}</p>
      <h3 class="label">{words.verify.pictures}</h3>
      {code === null ? <p class="hint">{words.verify.noPictures}</p> : <Pictures code={code} />}
      {number !== null && (
        <>
          <h3 class="label">{words.verify.number}</h3>
          <p class="safety-number">
            {number.split(' ').map((group, index) => (
              <span key={index}>{group} </span>
            ))}
          </p>
        </>
      )}
      <p class="hint">{words.verify.differ}</p>
      <div class="dialog-buttons">
        <button type="button" class="button button-first" onClick={() => void match()}>
          {words.verify.match}
        </button>
        <button type="button" class="button" onClick={onDismiss}>
          {words.close}
        </button>
      </div>
    </Dialog>
  );
};

const Pictures = ({ code }: { readonly code: readonly number[] }) => (
  <ol class="pictures">
    {emojiOf(code).map(({ emoji, name }, index) => (
      <li key={index}>
        <span class="picture" aria-hidden="true">
          {emoji}
        </span>
        {name}
      </li>
    ))}
  </ol>
);
