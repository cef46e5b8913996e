import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  bodyHash,
  certificateTranscript,
  claimTranscript,
  commitmentOf,
  type DeviceId,
  decode,
  decodeBody,
  decodeFrame,
  decodeHeader,
  directConversation,
  encodeBody,
  encodeFrame,
  encodeHeader,
  entryId,
  entrySigns,
  type Frame,
  foldName,
  handshakeTranscript,
  type Identity,
  initiatorSigns,
  type Name,
  type PersonId,
  parseClientMessage,
  parseDeviceId,
  parseName,
  parsePersonId,
  responderSigns,
  shortCode,
  verifyClaim,
  verifyIdentity,
  Writer,
} from './index.ts';

// Everything below is computed a second time from SPEC.md with Node's own tools, and must be the same bytes.

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const unhex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const un64 = (text: string): Buffer => Buffer.from(text, 'base64url');

const leb128 = (value: number): Buffer => {
  const groups: number[] = [];
  let rest = BigInt(value);
  do {
    groups.push(Number(rest & 127n));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(groups.map((group, i) => (i === groups.length - 1 ? group : group | 128)));
};
const prefixed = (...fields: readonly (string | Uint8Array)[]): Buffer =>
  Buffer.concat(fields.map((field) => Buffer.from(field)).flatMap((field) => [leb128(field.length), field]));

const privateKey = (seed: string) =>
  createPrivateKey({
    key: Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex'),
    format: 'der',
    type: 'pkcs8',
  });
const publicKey = (seed: string): string => createPublicKey(privateKey(seed)).export({ format: 'jwk' }).x ?? 'no key';
const signed = (seed: string, message: Uint8Array): string => sign(null, message, privateKey(seed)).toString('hex');
const nodeVerify = async (key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> =>
  verify(
    null,
    message,
    createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') }, format: 'jwk' }),
    signature,
  );

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')) as T;

interface PersonVector {
  readonly personSeed: string;
  readonly deviceSeed: string;
  readonly person: PersonId;
  readonly device: DeviceId;
  readonly certificateTranscript: string;
  readonly certificate: string;
}
const people = read<{ alice: PersonVector; bob: PersonVector }>('identity');
const identity = (vector: PersonVector): Identity => ({
  person: vector.person,
  device: vector.device,
  certificate: unhex(vector.certificate),
});
const identityBytes = (vector: PersonVector): Buffer =>
  Buffer.concat([un64(vector.person), un64(vector.device), unhex(vector.certificate)]);

test.each(Object.entries({ alice: people.alice, bob: people.bob }))('identity of %s', async (_, vector) => {
  expect(vector.person).toBe(publicKey(vector.personSeed));
  expect(vector.device).toBe(publicKey(vector.deviceSeed));
  const transcript = prefixed('earshot/device/1', un64(vector.person), un64(vector.device));
  expect(vector.certificateTranscript).toBe(hex(transcript));
  expect(hex(certificateTranscript(vector.person, vector.device))).toBe(hex(transcript));
  expect(vector.certificate).toBe(signed(vector.personSeed, transcript));
  expect(parsePersonId(vector.person)).toBe(vector.person);
  expect(parseDeviceId(vector.device)).toBe(vector.device);
  expect(await verifyIdentity(nodeVerify, identity(vector))).toBe(true);
  expect(await verifyIdentity(nodeVerify, { ...identity(vector), person: vector.device as string as PersonId })).toBe(
    false,
  );
});

describe('claim', () => {
  const vector = read<
    Record<'host' | 'serverNonce' | 'clientNonce' | 'transcript' | 'signature' | 'message', string> & { name: Name }
  >('claim');
  const facts = {
    host: vector.host,
    serverNonce: unhex(vector.serverNonce),
    clientNonce: unhex(vector.clientNonce),
    name: vector.name,
  };

  test('transcript and signature', async () => {
    const transcript = prefixed('earshot/claim/1', facts.host, facts.serverNonce, facts.clientNonce, facts.name);
    expect(vector.transcript).toBe(hex(transcript));
    expect(hex(claimTranscript(facts))).toBe(hex(transcript));
    expect(vector.signature).toBe(signed(people.alice.deviceSeed, transcript));
    expect(await verifyClaim(nodeVerify, identity(people.alice), facts, unhex(vector.signature))).toBe(true);
  });

  test.each([
    ['another host', { host: 'evil.example' }],
    ['another challenge', { serverNonce: new Uint8Array(16) }],
    ['another nonce', { clientNonce: new Uint8Array(16) }],
    ['another name', { name: 'Zoe' as Name }],
  ])('fits nothing but what was signed: %s', async (_, change) => {
    const signature = unhex(vector.signature);
    expect(await verifyClaim(nodeVerify, identity(people.alice), { ...facts, ...change }, signature)).toBe(false);
  });

  test('fits no other device, and no person who didn’t certify this one', async () => {
    const signature = unhex(vector.signature);
    expect(await verifyClaim(nodeVerify, identity(people.bob), facts, signature)).toBe(false);
    const stolen = { ...identity(people.alice), person: people.bob.person };
    expect(await verifyClaim(nodeVerify, stolen, facts, signature)).toBe(false);
  });

  test('the message is what a server parses', () => {
    expect(parseClientMessage(JSON.parse(vector.message))).toEqual({
      ok: true,
      value: {
        type: 'store_user',
        name: vector.name,
        data: { key: identity(people.alice), nonce: facts.clientNonce, signature: unhex(vector.signature) },
      },
    });
  });
});

interface HandshakeVector {
  readonly initiatorNonce: string;
  readonly responderNonce: string;
  readonly initiatorFingerprint: string;
  readonly responderFingerprint: string;
  readonly versionsOffered: readonly number[];
  readonly versionChosen: number;
  readonly commitment: string;
  readonly transcript: string;
  readonly responderSigns: string;
  readonly responderSignature: string;
  readonly initiatorSigns: string;
  readonly initiatorSignature: string;
  readonly shortCode: readonly number[];
}
const handshake = read<HandshakeVector>('handshake');

test('handshake', () => {
  const nonce = unhex(handshake.initiatorNonce);
  const commitment = sha256(prefixed('commit', nonce, identityBytes(people.alice)));
  expect(handshake.commitment).toBe(hex(commitment));
  expect(hex(commitmentOf(sha256, nonce, identity(people.alice)))).toBe(hex(commitment));

  const transcript = sha256(
    prefixed(
      'earshot/hs/1',
      Uint8Array.from(handshake.versionsOffered),
      Uint8Array.of(handshake.versionChosen),
      unhex(handshake.initiatorFingerprint),
      unhex(handshake.responderFingerprint),
      commitment,
      unhex(handshake.responderNonce),
      identityBytes(people.alice),
      identityBytes(people.bob),
    ),
  );
  expect(handshake.transcript).toBe(hex(transcript));
  const computed = handshakeTranscript(sha256, {
    versionsOffered: handshake.versionsOffered,
    versionChosen: handshake.versionChosen,
    initiatorFingerprint: unhex(handshake.initiatorFingerprint),
    responderFingerprint: unhex(handshake.responderFingerprint),
    commitment,
    responderNonce: unhex(handshake.responderNonce),
    initiator: identity(people.alice),
    responder: identity(people.bob),
  });
  expect(hex(computed)).toBe(hex(transcript));

  expect(handshake.responderSigns).toBe(hex(prefixed('R', transcript)));
  expect(hex(responderSigns(transcript))).toBe(handshake.responderSigns);
  expect(handshake.responderSignature).toBe(signed(people.bob.deviceSeed, prefixed('R', transcript)));
  expect(handshake.initiatorSigns).toBe(hex(prefixed('I', transcript, nonce)));
  expect(hex(initiatorSigns(transcript, nonce))).toBe(handshake.initiatorSigns);
  expect(handshake.initiatorSignature).toBe(signed(people.alice.deviceSeed, prefixed('I', transcript, nonce)));

  const digest = BigInt(`0x${hex(sha256(prefixed('sas', transcript, nonce)))}`);
  const code = Array.from({ length: 7 }, (_, i) => Number((digest >> BigInt(256 - 6 * (i + 1))) & 63n));
  expect(handshake.shortCode).toEqual(code);
  expect(shortCode(sha256, transcript, nonce)).toEqual(code);
});

test('direct conversation', () => {
  const vector = read<{ alice: PersonId; bob: PersonId; conversation: string }>('conversation');
  const pair = [vector.alice, vector.bob].sort().map(un64);
  expect(vector.conversation).toBe(
    createHash('sha256')
      .update(prefixed('earshot/direct/1', ...pair))
      .digest('base64url'),
  );
  expect(directConversation(sha256, vector.alice, vector.bob)).toBe(vector.conversation);
  expect(directConversation(sha256, vector.bob, vector.alice)).toBe(vector.conversation);
});

interface EntryVector {
  readonly author: DeviceId;
  readonly epoch: number;
  readonly seq: number;
  readonly prev: string | null;
  readonly deps: readonly {
    readonly author: string;
    readonly epoch: number;
    readonly seq: number;
    readonly id: string;
  }[];
  readonly lamport: number;
  readonly wall: number;
  readonly salt: string;
  readonly text: string;
  readonly body: string;
  readonly bodyHash: string;
  readonly header: string;
  readonly id: string;
  readonly signs: string;
  readonly signature: string;
}
const log = read<{ conversation: string; entries: readonly EntryVector[] }>('entries');

test.each(log.entries.map((entry, i) => [i + 1, entry] as const))('entry %i', (_, vector) => {
  const text = Buffer.from(vector.text);
  const body = Buffer.concat([unhex(vector.salt), Buffer.of(1), leb128(text.length), text]);
  expect(vector.body).toBe(hex(body));
  expect(hex(encodeBody({ kind: 'text', salt: unhex(vector.salt), text: vector.text }))).toBe(vector.body);
  expect(decodeBody(body)).toEqual({ ok: true, value: { kind: 'text', salt: unhex(vector.salt), text: vector.text } });

  const bodyDigest = sha256(prefixed('earshot/body/1', body));
  expect(vector.bodyHash).toBe(hex(bodyDigest));
  expect(hex(bodyHash(sha256, body))).toBe(vector.bodyHash);

  const header = Buffer.concat([
    un64(log.conversation),
    un64(vector.author),
    leb128(vector.epoch),
    leb128(vector.seq),
    ...(vector.prev === null ? [] : [un64(vector.prev)]),
    leb128(vector.deps.length),
    ...vector.deps.flatMap((dep) => [un64(dep.author), leb128(dep.epoch), leb128(dep.seq), un64(dep.id)]),
    leb128(vector.lamport),
    leb128(vector.wall),
    bodyDigest,
  ]);
  expect(vector.header).toBe(hex(header));
  const decoded = decodeHeader(header);
  expect(decoded.ok && hex(encodeHeader(decoded.value))).toBe(vector.header);
  const { author, epoch, seq, prev, deps, lamport, wall } = vector;
  expect(decoded).toMatchObject({ ok: true, value: { author, epoch, seq, prev, deps, lamport, wall } });

  expect(vector.id).toBe(Buffer.from(sha256(prefixed('earshot/entry-id/1', header))).toString('base64url'));
  expect(entryId(sha256, header)).toBe(vector.id);
  expect(vector.signs).toBe(hex(prefixed('earshot/entry/1', header)));
  expect(hex(entrySigns(header))).toBe(vector.signs);
  const seed = Object.values(people).find((person) => person.device === vector.author)?.deviceSeed ?? '';
  expect(vector.signature).toBe(signed(seed, prefixed('earshot/entry/1', header)));
});

test('frames', () => {
  const { frames } = read<{ frames: readonly { type: Frame['type']; bytes: string }[] }>('frames');
  const [first, reply, second] = log.entries;
  const entry = (vector: EntryVector | undefined): Buffer => {
    const { header, body, signature } = vector ?? { header: '', body: '', signature: '' };
    return Buffer.concat([prefixed(unhex(header), unhex(body)), unhex(signature)]);
  };
  const conversation = un64(log.conversation);
  const author = (vector: EntryVector | undefined): Buffer => un64(vector?.author ?? '');
  const expected: readonly (readonly [Frame['type'], readonly Uint8Array[]])[] = [
    ['hello', [Buffer.of(1, 1, 1), identityBytes(people.alice), unhex(handshake.commitment)]],
    [
      'responder_proof',
      [
        Buffer.of(2, 1),
        identityBytes(people.bob),
        unhex(handshake.responderNonce),
        unhex(handshake.responderSignature),
      ],
    ],
    ['initiator_proof', [Buffer.of(3), unhex(handshake.initiatorNonce), unhex(handshake.initiatorSignature)]],
    ['secure', [Buffer.of(4)]],
    ['have', [Buffer.of(16), conversation, Buffer.of(0)]],
    [
      'have',
      [Buffer.of(16), conversation, Buffer.of(2), author(first), Buffer.of(0, 2), author(reply), Buffer.of(0, 0xac, 2)],
    ],
    ['entries', [Buffer.of(17), conversation, Buffer.of(2), entry(first), entry(second)]],
    ['beat', [Buffer.of(20, 7)]],
    ['echo', [Buffer.of(21, 0x80, 0x80, 1)]],
    ['profile', [Buffer.of(24), prefixed('Zoë')]],
    ['bye', [Buffer.of(31)]],
  ];
  expect(frames).toEqual(expected.map(([type, parts]) => ({ type, bytes: hex(Buffer.concat(parts)) })));
  for (const { type, bytes } of frames) {
    const frame = decodeFrame(unhex(bytes));
    expect(frame.ok && frame.value.type).toBe(type);
    expect(frame.ok && hex(encodeFrame(frame.value))).toBe(bytes);
  }
});

test('numbers', () => {
  const vector = read<{ numbers: readonly { value: number; bytes: string }[]; refused: readonly string[] }>('numbers');
  for (const { value, bytes } of vector.numbers) {
    expect(hex(leb128(value))).toBe(bytes);
    expect(hex(new Writer().number(value).done())).toBe(bytes);
    expect(decode(unhex(bytes), (reader) => reader.number())).toEqual({ ok: true, value });
  }
  for (const bytes of vector.refused) {
    expect(decode(unhex(bytes), (reader) => reader.number())).toEqual({ ok: false, error: 'malformed' });
  }
});

test('names', () => {
  const vector = read<{
    names: readonly { text: string; name: string; folded: string }[];
    refused: readonly { text: string; fault: string }[];
  }>('names');
  for (const { text, name, folded } of vector.names) {
    expect(parseName(text)).toEqual({ ok: true, value: name });
    expect(foldName(name as Name)).toBe(folded);
  }
  for (const { text, fault } of vector.refused) expect(parseName(text)).toEqual({ ok: false, error: fault });
});
