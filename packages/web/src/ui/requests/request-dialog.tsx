import type { IncomingRequest } from '@earshot/client';
import { useId, useState } from 'preact/hooks';
import { askToPersist } from '../../adapters/persistence.ts';
import { useApp } from '../app-context.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { words } from '../words.ts';

interface RequestDialogProps {
  readonly request: IncomingRequest;
  /** How many more requests wait behind this one. */
  readonly waiting: number;
}

/** Somebody wants to talk. Nothing connects before the person decides, so there is no way around deciding. */
export const RequestDialog = ({ request, waiting }: RequestDialogProps) => {
  const { engine, router, announce } = useApp();
  const [fault, setFault] = useState<string | null>(null);
  const id = useId();
  const { name, person } = request;

  const accept = async (): Promise<void> => {
    const accepted = await engine.accept(request.id);
    if (accepted.ok) {
      router.go({ at: 'conversation', key: accepted.value });
      void askToPersist();
    } else if (accepted.error === 'gone') announce(words.request.gone);
    else setFault(words.name[accepted.error]);
  };

  return (
    <Dialog labelledBy={`${id}-title`} describedBy={`${id}-what`} class="dialog-request">
      <Avatar person={person} name={name} />
      {/* Not a button: a person who types as the dialog comes must not decide by it. */}
      <h2 id={`${id}-title`} tabIndex={-1} data-autofocus>
        {words.request.title(name)}
      </h2>
      <p id={`${id}-what`} class={person === null || request.warning !== null ? 'warning' : 'hint'}>
        {whatToKnow(request)}
      </p>
      {waiting > 0 && <p class="hint">{words.request.more(waiting)}</p>}
      {fault !== null && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <div class="dialog-buttons">
        <button type="button" class="button button-first" onClick={() => void accept()}>
          {words.request.accept}
        </button>
        <button type="button" class="button" onClick={() => engine.decline(request.id)}>
          {words.request.decline}
        </button>
        <button type="button" class="button button-danger" onClick={() => void engine.block(request.id)}>
          {words.request.block}
        </button>
      </div>
    </Dialog>
  );
};

const whatToKnow = ({ name, person, warning }: IncomingRequest): string => {
  if (person !== null) return warning === null ? words.request.keyed : words.request.otherKey(name);
  const unproved = words.request.plain(name);
  return warning === null ? unproved : `${words.request.noKey(name)} ${unproved}`;
};
