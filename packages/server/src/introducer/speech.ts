import {
  type AttemptId,
  encodeSignal,
  type Key,
  type Name,
  SIGNAL_ERRORS,
  type SignalErrorCode,
} from '@earshot/protocol';

/** Who speaks, written once and spliced into each frame that they send to others. */
export interface Speaker {
  /** JSON string of the name. */
  readonly name: string;
  /** `,"key":{…}`, or nothing for a plain client. */
  readonly key: string;
}

/** Ids are base64url, so they need no escaping. */
export const speakerOf = (name: Name, key: Key | null): Speaker => ({
  name: JSON.stringify(name),
  key: key === null ? '' : `,"key":{"person":"${key.person}","device":"${key.device}"}`,
});

/** What is passed on has the form `{type, name, data}` for plain receivers, and says more to keyed ones. `data` is JSON. */
export const passOn = (
  type: 'offer_received' | 'answer_received' | 'ice_candidate',
  speaker: Speaker,
  data: string,
  attempt: AttemptId | undefined,
  toKeyed: boolean,
): string => {
  const plain = `{"type":"${type}","name":${speaker.name},"data":${data}`;
  return toKeyed ? `${plain}${speaker.key}${said(attempt)}}` : `${plain}}`;
};

export const withdraw = (type: 'declined' | 'cancelled', speaker: Speaker, attempt: AttemptId | undefined): string =>
  `{"type":"${type}","name":${speaker.name}${speaker.key}${said(attempt)}}`;

const said = (attempt: AttemptId | undefined): string => (attempt === undefined ? '' : `,"attempt":"${attempt}"`);

/** The message that an error answers. */
export interface Answered {
  readonly target?: Name | undefined;
  readonly attempt?: AttemptId | undefined;
}

export const errorFrame = (code: SignalErrorCode, { target, attempt }: Answered = {}): string =>
  encodeSignal({
    type: 'error',
    data: {
      code,
      message: SIGNAL_ERRORS[code],
      ...(target === undefined ? {} : { target }),
      ...(attempt === undefined ? {} : { attempt }),
    },
  });
