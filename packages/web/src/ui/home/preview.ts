import type { MessageView } from '@earshot/client';
import { words } from '../words.ts';

/** A message in one line. */
export const previewOf = (message: MessageView): string =>
  message.content.kind === 'text' ? message.content.text.replace(/\s+/g, ' ').trim() : words.home.unknown;
