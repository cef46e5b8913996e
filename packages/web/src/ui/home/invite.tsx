import { useState } from 'preact/hooks';
import { inviteLink } from '../invite.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { lazily } from '../parts/lazy.tsx';
import { words } from '../words.ts';

const QrDialog = lazily(async () => (await import('./qr-dialog.tsx')).QrDialog);

interface InviteProps {
  readonly name: string;
  /** Whether the link itself is worth its place, and not only what copies it. */
  readonly shown: boolean;
}

/** One's own link, to send to whoever should come. */
export const Invite = ({ name, shown }: InviteProps) => {
  const [scanning, setScanning] = useState(false);
  const link = inviteLink(location.origin, name);
  return (
    <section class="invite" aria-label={words.invite.label}>
      {shown && (
        <>
          <p class="label">{words.invite.label}</p>
          <p class="invite-link">{link}</p>
        </>
      )}
      <div class="button-row">
        <CopyButton text={link} label={words.invite.copy} />
        {'share' in navigator && (
          <button
            type="button"
            class="button button-icon"
            aria-label={words.invite.share}
            title={words.invite.share}
            onClick={() => void navigator.share({ url: link }).catch(() => undefined)}
          >
            <Icon name="share" />
          </button>
        )}
        <button
          type="button"
          class="button button-icon"
          aria-label={words.invite.qr}
          title={words.invite.qr}
          onClick={() => setScanning(true)}
        >
          <Icon name="qr" />
        </button>
      </div>
      {scanning && <QrDialog link={link} onDismiss={() => setScanning(false)} />}
    </section>
  );
};
