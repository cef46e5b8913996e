import { useState } from 'preact/hooks';
import { newVersion } from '../pwa/register.ts';
import { words } from '../ui/words.ts';

/** A new version waits until the person wants it: nothing is ever taken from under their hands. */
export const UpdateOffer = () => {
  const [later, setLater] = useState(false);
  const take = newVersion.value;
  if (take === null || later) return null;
  return (
    <aside class="update" aria-label={words.update.ready}>
      <p>{words.update.ready}</p>
      <button type="button" class="button button-first" onClick={take}>
        {words.update.reload}
      </button>
      <button type="button" class="button" onClick={() => setLater(true)}>
        {words.update.later}
      </button>
    </aside>
  );
};
