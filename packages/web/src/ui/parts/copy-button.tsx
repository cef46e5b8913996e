import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import { words } from '../words.ts';
import { Icon } from './icon.tsx';

/** How long the button says that it has copied, ms. */
const SHOWN_MS = 2_000;

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
  /** The label is for screen readers only. */
  readonly iconOnly?: boolean;
  readonly class?: string;
  readonly tabIndex?: number;
}

export const CopyButton = ({ text, label, iconOnly = false, tabIndex, ...rest }: CopyButtonProps) => {
  const { announce } = useApp();
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    announce(words.copied);
  };

  return (
    <button
      type="button"
      class={rest.class ?? 'button'}
      aria-label={iconOnly ? label : undefined}
      title={iconOnly ? label : undefined}
      tabIndex={tabIndex}
      onClick={() => void copy().catch(() => undefined)}
    >
      <Icon name={copied ? 'check' : 'copy'} />
      {!iconOnly && <span>{copied ? words.copied : label}</span>}
    </button>
  );
};
