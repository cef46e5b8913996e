import { useId, useMemo } from 'preact/hooks';
import { encodeQR } from 'qr';
import { Dialog } from '../parts/dialog.tsx';
import { words } from '../words.ts';

interface QrDialogProps {
  readonly link: string;
  readonly onDismiss: () => void;
}

/** The link as a code that another phone's camera reads. */
export const QrDialog = ({ link, onDismiss }: QrDialogProps) => {
  const title = useId();
  const rows = useMemo(() => encodeQR(link, 'raw', { border: 4 }), [link]);
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <Dialog labelledBy={title} class="dialog-qr" onDismiss={onDismiss}>
      <h2 id={title}>{words.invite.qrTitle}</h2>
      <svg
        class="qr"
        viewBox={`0 0 ${rows.length} ${rows.length}`}
        role="img"
        aria-label={link}
        shape-rendering="crispEdges"
      >
        <path d={path} fill="currentColor" />
      </svg>
      <p class="invite-link">{link}</p>
      <button type="button" class="button" data-autofocus onClick={onDismiss}>
        {words.close}
      </button>
    </Dialog>
  );
};
