import { words } from '../words.ts';
import { NameForm } from './name-form.tsx';

interface FirstVisitProps {
  /** Who sent the link that was opened. */
  readonly invitedBy: string | null;
  /** The name that was chosen and belongs to someone else. */
  readonly taken: string | null;
}

/** A name, and in. */
export const FirstVisit = ({ invitedBy, taken }: FirstVisitProps) => (
  <main class="first-visit">
    <div class="first-visit-inside">
      <img class="first-visit-mark" src="/icon.svg" alt="" width="72" height="72" />
      <h1>{words.app}</h1>
      <p class="first-visit-what">{invitedBy === null ? words.first.what : words.first.invited(invitedBy)}</p>
      {taken !== null && (
        <p class="fault" role="alert">
          {words.taken(taken)}
        </p>
      )}
      <NameForm key={taken} button={words.first.start} initial={taken ?? ''} focus />
    </div>
  </main>
);
