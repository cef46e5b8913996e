import { useMemo } from 'preact/hooks';
import { RunningApp } from '../ui/app.tsx';
import { createRouter } from '../ui/router.ts';
import { words } from '../ui/words.ts';
import { type Stage, stage } from './stage.ts';
import { UpdateOffer } from './update-offer.tsx';

export const Root = () => {
  const router = useMemo(createRouter, []);
  const { value } = stage;
  return (
    <>
      {value.kind === 'running' ? <RunningApp engine={value.engine} router={router} /> : <Sorry stage={value} />}
      <UpdateOffer />
    </>
  );
};

/** Why Earshot doesn't run in this tab, and what to do about it. */
const Sorry = ({ stage }: { readonly stage: Exclude<Stage, { kind: 'running' }> }) => {
  switch (stage.kind) {
    case 'opening':
      return (
        <main class="sorry sorry-opening">
          <p>{words.opening}</p>
        </main>
      );
    case 'lacking':
      return (
        <main class="sorry">
          <h1>{words.start.sorry}</h1>
          <p>{words.start.lack[stage.lack]}</p>
        </main>
      );
    case 'elsewhere':
    case 'robbed':
      return (
        <main class="sorry">
          <h1>{words.tabs[stage.kind]}</h1>
          <p>{words.tabs.why}</p>
          <button type="button" class="button button-first" onClick={() => stage.lock.takeOver()}>
            {words.tabs.here}
          </button>
        </main>
      );
    case 'broken':
      return (
        <main class="sorry">
          <h1>{words.start.sorry}</h1>
          <p>{words.start.fault[stage.fault]}</p>
          <button type="button" class="button" onClick={() => location.reload()}>
            {words.start.reload}
          </button>
        </main>
      );
  }
};
