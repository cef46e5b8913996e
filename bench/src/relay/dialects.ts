import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  certificateTranscript,
  claimTranscript,
  deviceIdOf,
  encodeSignal,
  fromBase64Url,
  type Name,
  NONCE_BYTES,
  personIdOf,
  SUBPROTOCOL,
} from '@earshot/protocol';
import type { Contender } from './contenders.ts';
import { clientFrame, RawSocket } from './raw-socket.ts';

/** Of a candidate and of an offer, bytes of the frame's text, in every dialect. */
const CANDIDATE_BYTES = 220;
const OFFER_BYTES = 1_500;

/** How one of the servers is talked to. */
export interface Dialect {
  /** Dials and registers. */
  enter(port: number, name: string): Promise<RawSocket>;
  candidate(name: string, target: string): Buffer;
  offer(name: string, target: string): Buffer;
}

const LINE = 'candidate:842163049 1 udp 1677729535 192.0.2.17 46154 typ srflx raddr 0.0.0.0 rport 0 ';

const fillings = new Map<string, string>();

/** So many bytes of JSON of what such lines are made of; those of a description end with what JSON escapes. */
const filling = (bytes: number, end: '' | '\r\n'): string => {
  const known = fillings.get(`${bytes}${end}`);
  if (known !== undefined) return known;
  let text = (LINE + end).repeat(Math.ceil(bytes / LINE.length));
  while (JSON.stringify(text).length - 2 > bytes) text = text.slice(0, -1);
  fillings.set(`${bytes}${end}`, text);
  return text;
};

const filled = (bytes: number, end: '' | '\r\n', make: (filling: string) => object): Buffer =>
  clientFrame(JSON.stringify(make(filling(bytes - JSON.stringify(make('')).length, end))));

const candidateOf = (sdpCandidate: string) => ({ sdpMLineIndex: 0, sdpMid: '0', sdpCandidate });

const plain = (attempt: { readonly attempt?: string }): Omit<Dialect, 'enter'> => ({
  candidate: (name, target) =>
    filled(CANDIDATE_BYTES, '', (text) => ({
      type: 'ice_candidate',
      name,
      target,
      ...attempt,
      data: candidateOf(text),
    })),
  offer: (name, target) =>
    filled(OFFER_BYTES, '\r\n', (text) => ({
      type: 'create_offer',
      name,
      target,
      ...attempt,
      data: { sdp: text, type: 'OFFER' },
    })),
});

const registered = (text: string): boolean => text.includes('"user_stored"');

const enterPlain = async (port: number, name: string): Promise<RawSocket> => {
  const socket = await RawSocket.dial(port, '/', null);
  socket.write(clientFrame(JSON.stringify({ type: 'store_user', name })));
  await socket.next(registered);
  return socket;
};

const bytes = (buffer: Buffer): Uint8Array => new Uint8Array(buffer);
/** The last 32 bytes of SPKI are the key (RFC 8410). */
const rawKey = (key: KeyObject): Uint8Array => bytes(key.export({ type: 'spki', format: 'der' }).subarray(-32));

/** All users are one person on one device by different names: signing is the crowd's work, verifying the server's. */
const enterKeyed = (): Dialect['enter'] => {
  const [own, pair] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
  const [person, device] = [personIdOf(rawKey(own.publicKey)), deviceIdOf(rawKey(pair.publicKey))];
  const certificate = bytes(sign(null, certificateTranscript(person, device), own.privateKey));
  return async (port, text) => {
    const name = text as Name;
    const socket = await RawSocket.dial(port, '/', SUBPROTOCOL);
    const challenge = JSON.parse(await socket.next(() => true)) as { data: { nonce: string } };
    const serverNonce = fromBase64Url(challenge.data.nonce) ?? new Uint8Array();
    const nonce = bytes(randomBytes(NONCE_BYTES));
    const transcript = claimTranscript({ host: `127.0.0.1:${port}`, serverNonce, clientNonce: nonce, name });
    const signature = bytes(sign(null, transcript, pair.privateKey));
    const data = { key: { person, device, certificate }, nonce, signature };
    socket.write(clientFrame(encodeSignal({ type: 'store_user', name, data })));
    await socket.next(registered);
    return socket;
  };
};

const peer: Dialect = {
  async enter(port, name) {
    const socket = await RawSocket.dial(port, `/peerjs?key=peerjs&id=${name}&token=x`, null);
    await socket.next((text) => text.includes('"OPEN"'));
    return socket;
  },
  candidate: (_, dst) =>
    filled(CANDIDATE_BYTES, '', (text) => ({ type: 'CANDIDATE', dst, payload: { candidate: candidateOf(text) } })),
  offer: (_, dst) =>
    filled(OFFER_BYTES, '\r\n', (text) => ({ type: 'OFFER', dst, payload: { sdp: { type: 'offer', sdp: text } } })),
};

export const dialectOf = (contender: Contender): Dialect => {
  switch (contender) {
    case 'earshot':
      return { ...plain({ attempt: 'abcdefghijklmnop' }), enter: enterKeyed() };
    case 'peer':
      return peer;
    default:
      return { ...plain({}), enter: enterPlain };
  }
};
