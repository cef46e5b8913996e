// Writes the published vectors from this package's code and keys that everybody knows:
// npx tsx packages/protocol/vectors/generate.ts
// `src/vectors.test.ts` computes the same bytes by another way and compares.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import {
  bodyHash,
  certificateTranscript,
  claimTranscript,
  commitmentOf,
  deviceIdOf,
  directConversation,
  type EntryHeader,
  encodeBody,
  encodeFrame,
  encodeHeader,
  encodeSignal,
  entryId,
  entrySigns,
  type Frame,
  foldName,
  handshakeTranscript,
  type Identity,
  initiatorSigns,
  parseName,
  personIdOf,
  responderSigns,
  shortCode,
  Writer,
} from '../src/index.ts';

const hash = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

const key = (seed: number) => {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), filled(32, seed)]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    seed: hex(filled(32, seed)),
    publicKey: new Uint8Array(spki.subarray(-32)),
    sign: (message: Uint8Array) => new Uint8Array(sign(null, message, privateKey)),
  };
};

const identityOf = (personSeed: number, deviceSeed: number) => {
  const person = key(personSeed);
  const device = key(deviceSeed);
  const transcript = certificateTranscript(personIdOf(person.publicKey), deviceIdOf(device.publicKey));
  const identity: Identity = {
    person: personIdOf(person.publicKey),
    device: deviceIdOf(device.publicKey),
    certificate: person.sign(transcript),
  };
  return { person, device, transcript, identity };
};

const alice = identityOf(1, 2);
const bob = identityOf(3, 4);

/** Nothing unseen in a published file: all but ASCII is escaped. */
const escaped = (json: string): string =>
  json.replace(/[^ -~\n]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const write = (name: string, about: string, content: object): void =>
  writeFileSync(
    new URL(`${name}.json`, import.meta.url),
    escaped(`${JSON.stringify({ about, ...content }, null, 2)}\n`),
  );

const nameOf = (text: string) => {
  const name = parseName(text);
  if (!name.ok) throw new Error(`not a name: ${text}`);
  return name.value;
};

const person = ({ person, device, transcript, identity }: typeof alice) => ({
  personSeed: person.seed,
  deviceSeed: device.seed,
  person: identity.person,
  device: identity.device,
  certificateTranscript: hex(transcript),
  certificate: hex(identity.certificate),
});
write('identity', 'SPEC.md, section 2: keys and the certificate that binds a device to its person.', {
  alice: person(alice),
  bob: person(bob),
});

const claim = {
  host: 'chat.example.org',
  serverNonce: filled(16, 0x55),
  clientNonce: filled(16, 0x66),
  name: nameOf('Zoë'),
};
const claimed = claimTranscript(claim);
write('claim', 'SPEC.md, section 3: a device claims a name.', {
  host: claim.host,
  serverNonce: hex(claim.serverNonce),
  clientNonce: hex(claim.clientNonce),
  name: claim.name,
  transcript: hex(claimed),
  signature: hex(alice.device.sign(claimed)),
  message: encodeSignal({
    type: 'store_user',
    name: claim.name,
    data: { key: alice.identity, nonce: claim.clientNonce, signature: alice.device.sign(claimed) },
  }),
});

const initiatorNonce = filled(32, 0x11);
const commitment = commitmentOf(hash, initiatorNonce, alice.identity);
const facts = {
  versionsOffered: [1],
  versionChosen: 1,
  initiatorFingerprint: filled(32, 0xa1),
  responderFingerprint: filled(32, 0xb2),
  commitment,
  responderNonce: filled(32, 0x22),
  initiator: alice.identity,
  responder: bob.identity,
};
const transcript = handshakeTranscript(hash, facts);
const responderSignature = bob.device.sign(responderSigns(transcript));
const initiatorSignature = alice.device.sign(initiatorSigns(transcript, initiatorNonce));
write('handshake', 'SPEC.md, section 5: Alice offers, Bob answers.', {
  initiatorNonce: hex(initiatorNonce),
  responderNonce: hex(facts.responderNonce),
  initiatorFingerprint: hex(facts.initiatorFingerprint),
  responderFingerprint: hex(facts.responderFingerprint),
  versionsOffered: facts.versionsOffered,
  versionChosen: facts.versionChosen,
  commitment: hex(commitment),
  transcript: hex(transcript),
  responderSigns: hex(responderSigns(transcript)),
  responderSignature: hex(responderSignature),
  initiatorSigns: hex(initiatorSigns(transcript, initiatorNonce)),
  initiatorSignature: hex(initiatorSignature),
  shortCode: shortCode(hash, transcript, initiatorNonce),
});

const conversation = directConversation(hash, alice.identity.person, bob.identity.person);
write('conversation', 'SPEC.md, section 6: the one direct conversation of Alice and Bob.', {
  alice: alice.identity.person,
  bob: bob.identity.person,
  conversation,
});

const entryOf = (
  author: typeof alice,
  fields: Omit<EntryHeader, 'author' | 'conversation' | 'bodyHash'>,
  text: string,
) => {
  const salt = filled(16, 0x70 + fields.seq);
  const body = encodeBody({ kind: 'text', salt, text });
  const header = encodeHeader({
    ...fields,
    author: author.identity.device,
    conversation,
    bodyHash: bodyHash(hash, body),
  });
  const bytes = { header, body, signature: author.device.sign(entrySigns(header)) };
  return { fields, salt, text, bytes, id: entryId(hash, header), author: author.identity.device };
};
const first = entryOf(
  alice,
  { epoch: 0, seq: 1, prev: null, deps: [], lamport: 1, wall: 1_800_000_000_000 },
  'Hello, Bob',
);
const reply = entryOf(
  bob,
  {
    epoch: 0,
    seq: 1,
    prev: null,
    deps: [{ author: first.author, epoch: 0, seq: 1, id: first.id }],
    lamport: 2,
    wall: 1_800_000_000_500,
  },
  'Grüß dich 👋',
);
const second = entryOf(
  alice,
  {
    epoch: 0,
    seq: 2,
    prev: first.id,
    deps: [{ author: reply.author, epoch: 0, seq: 1, id: reply.id }],
    lamport: 3,
    wall: 1_800_000_001_000,
  },
  'two\nlines',
);
write('entries', 'SPEC.md, section 6: Alice writes, Bob answers, Alice writes again.', {
  conversation,
  entries: [first, reply, second].map((entry) => ({
    author: entry.author,
    ...entry.fields,
    salt: hex(entry.salt),
    text: entry.text,
    body: hex(entry.bytes.body),
    bodyHash: hex(bodyHash(hash, entry.bytes.body)),
    header: hex(entry.bytes.header),
    id: entry.id,
    signs: hex(entrySigns(entry.bytes.header)),
    signature: hex(entry.bytes.signature),
  })),
});

const frames: readonly Frame[] = [
  { type: 'hello', versions: [1], identity: alice.identity, commitment },
  {
    type: 'responder_proof',
    version: 1,
    identity: bob.identity,
    nonce: facts.responderNonce,
    signature: responderSignature,
  },
  { type: 'initiator_proof', nonce: initiatorNonce, signature: initiatorSignature },
  { type: 'secure' },
  { type: 'have', conversation, vector: [] },
  {
    type: 'have',
    conversation,
    vector: [
      { author: first.author, epoch: 0, seq: 2 },
      { author: reply.author, epoch: 0, seq: 300 },
    ],
  },
  { type: 'entries', conversation, entries: [first.bytes, second.bytes] },
  { type: 'beat', count: 7 },
  { type: 'echo', count: 16_384 },
  { type: 'profile', name: 'Zoë' },
  { type: 'bye' },
];
write('frames', 'SPEC.md, section 4: every frame between peers. Their fields stand in the other files.', {
  frames: frames.map((frame) => ({ type: frame.type, bytes: hex(encodeFrame(frame)) })),
});

const numbers = [0, 1, 127, 128, 300, 16_383, 16_384, 2 ** 32, Number.MAX_SAFE_INTEGER];
write('numbers', 'SPEC.md, section 1: unsigned LEB128.', {
  numbers: numbers.map((value) => ({ value, bytes: hex(new Writer().number(value).done()) })),
  refused: ['', '80', '8000', 'ff00', '80808080808080808001', 'ffffffffffffff1f'],
});

const named = [
  'Zoë',
  'Zoe\u0308',
  '  Ann \t Lee ',
  'ＡＮＮ',
  'ﬁnn',
  'STRASSE',
  'Straße',
  '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645',
  'al\u200dice',
  '\u{1f469}\u200d\u{1f4bb}',
  '\u2764\ufe0f Mia',
  '李小龙',
];
const refused = [
  '',
  ' \n ',
  '\u200d',
  '\u0301',
  'a\u202eb',
  'a\u200bb',
  'a\u2066b',
  '\u3164',
  '\u2800',
  'a\u0000b',
  '\ud800',
  'x'.repeat(41),
  '\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}',
];
write('names', 'SPEC.md, section 2: what a name becomes, what the server compares, and what is no name.', {
  names: named.map((text) => ({ text, name: nameOf(text), folded: foldName(nameOf(text)) })),
  refused: refused.map((text) => {
    const name = parseName(text);
    if (name.ok) throw new Error(`a name after all: ${JSON.stringify(text)}`);
    return { text, fault: name.error };
  }),
});
