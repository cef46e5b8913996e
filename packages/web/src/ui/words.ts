import type {
  ConnectFault,
  ConversationNotice,
  LineStatus,
  LinkStatus,
  MessageState,
  NameChoiceFault,
  SendFault,
  StartFault,
} from '@earshot/client';
import { NAME_MAX_CODE_POINTS, TEXT_MAX_BYTES, WAITING_MAX_TEXTS } from '@earshot/protocol';
import type { Lack } from '../start/support.ts';

const plurals = new Intl.PluralRules('en');
const numbers = new Intl.NumberFormat('en');

type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

const count = (number: number, forms: Plural): string =>
  `${numbers.format(number)} ${forms[plurals.select(number)] ?? forms.other}`;

const storageFull = 'This device has no room left. Free some space and try again.';
const storageBroken = 'This browser can’t store anything right now. Reload the page and try again.';

const name: Record<NameChoiceFault, string> = {
  empty: 'Write a name first.',
  too_long: `That name is too long: ${NAME_MAX_CODE_POINTS} characters at most.`,
  not_printable: 'That name has characters that can’t be seen. Write it with letters that show.',
  storage_full: storageFull,
  storage_broken: storageBroken,
};

const connect: Record<ConnectFault | 'elsewhere', string> = {
  ...name,
  empty: 'Write their name, or paste their invite link.',
  own_name: 'That is your own name. Write somebody else’s.',
  elsewhere: 'That link belongs to another Earshot. Open it in a tab of its own.',
};

const send: Record<SendFault, string> = {
  empty: 'Write something first.',
  too_long: `That is too long for one message: ${TEXT_MAX_BYTES / 1024} kB at most. Send it in parts.`,
  storage_full: `${storageFull} Your text is still here.`,
  storage_broken: `${storageBroken} Your text is still here.`,
  unknown_conversation: 'This conversation is gone from this device. Your text is still here.',
  too_many_waiting: `${numbers.format(WAITING_MAX_TEXTS)} messages wait already, and they have never been here. Your text is still here.`,
};

const lack: Record<Lack, string> = {
  secure_page: 'Browsers give keys and storage to secure pages only. Open Earshot over https, or on localhost.',
  rtc: 'This browser can’t talk to other devices directly: WebRTC is missing or turned off.',
  storage: 'This browser can’t keep anything: IndexedDB is missing or turned off. A private window may be the reason.',
  keys: 'This browser is too old for Earshot’s keys (Ed25519). A current Chrome, Edge, Firefox or Safari has them.',
  locks: 'This browser is too old: it can’t keep two tabs from writing at once (Web Locks).',
};

const startFault: Record<StartFault, string> = {
  storage_full: storageFull,
  storage_broken: 'Earshot can’t open what this browser has stored for it. Close other tabs of it and reload the page.',
  storage_damaged:
    'What this browser has stored for Earshot is damaged. It was left as it is, so that nothing more is lost.',
};

const link: Record<Exclude<LinkStatus['state'], 'refused' | 'name_taken'>, string> = {
  idle: '',
  connecting: 'Reaching the server…',
  here: 'You can be reached',
  offline: 'No connection to the server. Earshot keeps trying.',
};

const refused: Record<Extract<LinkStatus, { state: 'refused' }>['reason'], string> = {
  claim_invalid: 'The server didn’t take this device’s proof of its name. Reload the page to try again.',
  too_many_connections: 'The server has too many connections from here. Close other tabs and reload the page.',
  name_invalid: 'The server doesn’t take this name. Choose another.',
};

const lineWord: Record<LineStatus['state'], string> = {
  away: 'Away',
  offline: 'Offline',
  connecting: 'Connecting',
  direct: 'Direct',
  relayed: 'Relayed',
};

const phase: Record<Extract<LineStatus, { state: 'connecting' }>['phase'], (other: string) => string> = {
  looking: (other) => `Looking for ${other}.`,
  asking: (other) => `Waiting for ${other} to accept.`,
  opening: (other) => `Opening the line to ${other}.`,
  verifying: (other) => `Making sure that it is ${other}.`,
};

/** What the state of the line means for the person, without the words for the other states. */
const lineSentence = (line: LineStatus, other: string, plain: boolean): string => {
  switch (line.state) {
    case 'away':
      return `${other} is away. Your message waits here and goes out by itself.`;
    case 'offline':
      return 'You have no connection. Your message waits here and goes out by itself.';
    case 'connecting':
      return phase[line.phase](other);
    case 'direct':
      return plain ? 'From device to device.' : 'Encrypted, from device to device.';
    case 'relayed':
      return plain ? 'Through a relay.' : 'Encrypted, through a relay that can’t read it.';
  }
};

const notice: Record<ConversationNotice['kind'], (other: string) => string> = {
  key_changed: (other) =>
    `Someone else now answers to the name ${other}. It may be ${other} with a new device, or somebody who took the name. Nothing is sent until you decide.`,
  forked: (other) =>
    `${other}’s device contradicts itself: its keys were copied, or its storage went back in time. Newer messages from it are not taken. Ask ${other} about it on another way.`,
  not_proved: (other) =>
    `Whoever answered couldn’t prove to be ${other}. Somebody may be in between. Nothing was said to them.`,
  declined: (other) => `${other} declined. What you write is kept here.`,
  blocked: (other) => `You blocked ${other}. Nothing from them reaches you.`,
};

const messageState: Record<MessageState, string> = { queued: 'Queued', sent: 'Sent', delivered: 'Delivered' };

/** Everything that Earshot says, in English. */
export const words = {
  app: 'Earshot',
  title: (place: string | null, unread: number): string =>
    `${unread > 0 ? `(${numbers.format(unread)}) ` : ''}${place === null ? '' : `${place} · `}Earshot`,
  opening: 'Opening Earshot…',
  back: 'Back',
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  failed: 'That part of Earshot didn’t load. Check your network and try again.',
  start: { lack, fault: startFault, sorry: 'Earshot can’t start here', reload: 'Reload' },
  tabs: {
    elsewhere: 'Earshot is open in another tab',
    robbed: 'Earshot moved to another tab',
    why: 'One tab at a time keeps your messages in order.',
    here: 'Use here',
  },
  first: {
    what: 'Chat that goes straight from your device to theirs. No account: choose a name, and you are in.',
    name: 'Your name',
    start: 'Start',
    invited: (other: string) => `${other} waits for you. Choose a name to reach them.`,
  },
  taken: (taken: string) => `The name “${taken}” belongs to someone else here. Choose another.`,
  useName: 'Use this name',
  name,
  link,
  refused,
  home: {
    conversations: 'Conversations',
    reach: 'Reach someone',
    who: 'Name or invite link',
    connect: 'Connect',
    empty: 'Nobody here yet',
    emptyHow: 'Write a friend’s name above. Or send them your link: it brings them here.',
    choose: 'Choose a conversation, or reach someone new.',
    begin: 'Reach someone, and what you write to each other shows here.',
    unread: (number: number) => count(number, { one: 'unread message', other: 'unread messages' }),
    nothing: 'No messages yet',
    you: (text: string) => `You: ${text}`,
    unknown: 'A message that this version can’t show',
  },
  connect,
  invite: {
    label: 'Your invite link',
    copy: 'Copy my link',
    share: 'Share',
    qr: 'Show as a QR code',
    qrTitle: 'Scan to reach you',
  },
  request: {
    title: (other: string) => `${other} wants to talk to you`,
    keyed: 'If you accept, your two devices connect and prove to each other who they are.',
    plain: (other: string) =>
      `Unverified: this app can’t prove who it is. Anybody could call themselves ${other}. Accept only if you expect them.`,
    noKey: (other: string) => `You know a ${other} already, who has a key. This one has none.`,
    otherKey: (other: string) =>
      `You know a ${other} already, and this isn’t the same key. It may be a new device of theirs, or somebody who took the name.`,
    more: (number: number) => count(number, { one: 'more request waits', other: 'more requests wait' }),
    accept: 'Accept',
    decline: 'Decline',
    block: 'Block',
    gone: 'They have stopped asking.',
  },
  conversation: {
    messages: 'Messages',
    message: 'Message',
    placeholder: 'Write a message',
    send: 'Send',
    emoji: 'Emoji',
    older: 'Loading older messages…',
    beginning: (other: string) => `This is where you and ${other} begin.`,
    newest: 'Go to the newest',
    fresh: (number: number) => count(number, { one: 'new', other: 'new' }),
    you: 'You',
    unverified: 'Unverified',
    unverifiedWhy: 'This app can’t prove who it is: anybody could be behind the name.',
    compared: 'Compared',
    copyText: 'Copy text',
    gone: 'This conversation isn’t on this device',
    goneHow: 'Reach them by their name instead.',
    said: (other: string, text: string) => `${other}: ${text}`,
  },
  lineWord,
  lineSentence,
  notice: {
    label: 'Notice',
    text: notice,
    newKey: 'Use the new key',
    newKeyWhat: 'Starts a conversation of its own',
    oldKey: 'Keep the old key',
    oldKeyWhat: 'Ignores whoever has the name now',
    before: 'So far',
    now: 'Now',
    again: 'Try again',
    unblock: 'Unblock',
  },
  messageState,
  send,
  verify: {
    open: (other: string) => `Check that it is ${other}`,
    title: (other: string) => `Is it really ${other}?`,
    how: 'Call each other, or meet. If you both see the same, nobody is in between.',
    pictures: 'These seven pictures, for this connection',
    noPictures: 'Seven pictures show here while you are connected.',
    number: 'This number, for always',
    match: 'They match',
    matched: (other: string) => `You have compared. It is ${other}.`,
    differ: 'If they differ, somebody is in between: write nothing that matters, and ask on another way.',
  },
  settings: {
    title: 'Settings',
    save: 'Save',
    saved: 'Saved',
    nameWhat: 'Others find you by this name. Your key and your conversations stay.',
    look: 'Look',
    themes: { system: 'As the device', light: 'Light', dark: 'Dark' },
    stored: 'What is stored',
    storedWhat:
      'Your name, your keys, your conversations and their messages, on this device alone, in this browser’s storage. Clearing this site’s data erases them.',
    key: 'Your picture',
    keyWhat: 'Drawn from your key. Others see the same one.',
  },
  emoji: {
    search: 'Search emoji',
    recent: 'Recent',
    none: 'No emoji of that name.',
    groups: [
      'Smileys',
      'People',
      '',
      'Nature',
      'Food',
      'Travel',
      'Activities',
      'Objects',
      'Symbols',
      'Flags',
    ] as readonly string[],
  },
  update: { ready: 'A new version is ready', reload: 'Reload', later: 'Later' },
} as const;
