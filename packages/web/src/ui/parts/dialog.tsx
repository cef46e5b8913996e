import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface DialogProps {
  /** The id of the heading inside. */
  readonly labelledBy: string;
  readonly describedBy?: string;
  readonly class?: string;
  /** Escape, or a press beside it. Without it the dialog stays until it is decided. */
  readonly onDismiss?: () => void;
  readonly children: ComponentChildren;
}

/** A modal dialog for as long as it is drawn. Focus goes to what has `autofocus`, and back to where it was. */
export const Dialog = ({ labelledBy, describedBy, onDismiss, children, ...rest }: DialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    element?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  return (
    <dialog
      ref={dialog}
      class={`dialog ${rest.class ?? ''}`}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      onCancel={(event) => {
        event.preventDefault();
        onDismiss?.();
      }}
      // Browsers close at a second Escape whatever the first one was told.
      onClose={() => (onDismiss ? onDismiss() : dialog.current?.isConnected && dialog.current.showModal())}
      onClick={(event) => event.target === dialog.current && onDismiss?.()}
    >
      <div class="dialog-inside">{children}</div>
    </dialog>
  );
};
