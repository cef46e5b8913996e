import type { LineStatus } from '@earshot/client';
import { words } from '../words.ts';

interface LineProps {
  readonly line: LineStatus;
  readonly name: string;
  readonly plain: boolean;
}

/** How the line to the other person stands, in a word and a sentence. */
export const Line = ({ line, name, plain }: LineProps) => (
  <div class="line" role="status" data-state={line.state}>
    <span class="dot" data-state={line.state} aria-hidden="true" />
    <p>
      <strong>{words.lineWord[line.state]}</strong> <span>{words.lineSentence(line, name, plain)}</span>
    </p>
  </div>
);
