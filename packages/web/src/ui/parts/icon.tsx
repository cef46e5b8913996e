import {
  ArrowDown,
  ArrowLeft,
  Check,
  Copy,
  type IconNode,
  QrCode,
  SendHorizontal,
  Settings,
  Share2,
  ShieldCheck,
  ShieldQuestionMark,
  Smile,
  X,
} from 'lucide';
import { h } from 'preact';

const ICONS = {
  back: ArrowLeft,
  check: Check,
  close: X,
  compared: ShieldCheck,
  copy: Copy,
  down: ArrowDown,
  emoji: Smile,
  qr: QrCode,
  send: SendHorizontal,
  settings: Settings,
  share: Share2,
  verify: ShieldQuestionMark,
} satisfies Record<string, IconNode>;

export type IconName = keyof typeof ICONS;

/** Says nothing by itself: what it stands for is the label of the button around it. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    {ICONS[name].map(([tag, attributes]) => h(tag, attributes))}
  </svg>
);
