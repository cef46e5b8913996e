import type { ConversationWith } from '@earshot/client';
import type { PersonId } from '@earshot/protocol';
import { PICTURE_SIZE, pictureOf } from '../picture.ts';

export const avatarOf = (other: ConversationWith): PersonId | null => (other.kind === 'person' ? other.person : null);

const CELL = 8;
const MARGIN = 12;
const SIZE = PICTURE_SIZE * CELL + 2 * MARGIN;

/** Decoration: whoever it stands for is named beside it. `null`: nobody with a key, so a letter in an outline. */
export const Avatar = ({ person, name }: { readonly person: PersonId | null; readonly name: string }) =>
  person === null ? <Letter name={name} /> : <KeyPicture person={person} />;

const KeyPicture = ({ person }: { readonly person: PersonId }) => {
  const { cells, ink, paper } = pictureOf(person);
  return (
    <svg class="avatar" viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden="true">
      <circle cx={SIZE / 2} cy={SIZE / 2} r={SIZE / 2} fill={paper} />
      {cells.map(([column, row]) => (
        <rect
          key={`${column}.${row}`}
          x={MARGIN + column * CELL}
          y={MARGIN + row * CELL}
          width={CELL + 0.2}
          height={CELL + 0.2}
          fill={ink}
        />
      ))}
    </svg>
  );
};

const Letter = ({ name }: { readonly name: string }) => (
  <svg class="avatar avatar-plain" viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden="true">
    <circle
      cx={SIZE / 2}
      cy={SIZE / 2}
      r={SIZE / 2 - 1.5}
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-dasharray="5 4"
    />
    <text x="50%" y="50%" text-anchor="middle" dominant-baseline="central" font-size="26" fill="currentColor">
      {[...name][0]?.toUpperCase()}
    </text>
  </svg>
);
