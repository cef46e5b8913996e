import {
  certificateTranscript,
  deviceIdOf,
  encodeFrame,
  type Fingerprint,
  HANDSHAKE_MAX_BYTES,
  type HandshakeFrame,
  handshakeTranscript,
  initiatorSigns,
  personIdOf,
  type Result,
  responderSigns,
} from '@earshot/protocol';
import { describe, expect, test } from 'vitest';
import { createWebCrypto } from '../crypto/web-crypto.ts';
import type { LocalIdentity } from '../identity/types.ts';
import {
  confirmed,
  type HandshakeFault,
  type HandshakeLink,
  type HandshakeOptions,
  initiate,
  type Proof,
  respond,
} from './handshake.ts';

const crypto = createWebCrypto();

const newIdentity = async (): Promise<LocalIdentity> => {
  const [personKey, device] = await Promise.all([crypto.generateKey('portable'), crypto.generateKey('device')]);
  const [person, id] = [personIdOf(personKey.publicKey), deviceIdOf(device.publicKey)];
  const certificate = await personKey.sign(certificateTranscript(person, id));
  return { identity: { person, device: id, certificate }, device };
};

const [alice, bob, mallory] = await Promise.all([newIdentity(), newIdentity(), newIdentity()]);
const fingerprint = (byte: number): Fingerprint => new Uint8Array(32).fill(byte);
const [FP_A, FP_B, FP_M] = [fingerprint(1), fingerprint(2), fingerprint(3)];

type Outcome = Result<Proof, HandshakeFault>;
/** What becomes of a frame on its way: nothing, itself, others. `say` puts one in the other direction. */
type Carry = (frame: HandshakeFrame, say: (frame: HandshakeFrame) => void) => readonly HandshakeFrame[];
const asIs: Carry = (frame) => [frame];

/** A link whose other end is `carry`. */
class Wire implements HandshakeLink {
  readonly sent: HandshakeFrame[] = [];
  readonly #inbox: HandshakeFrame[] = [];
  #reader: ((frame: HandshakeFrame | undefined) => void) | null = null;
  #closed = false;
  onSend: (frame: HandshakeFrame) => void = () => undefined;

  send(frame: HandshakeFrame): void {
    this.sent.push(frame);
    this.onSend(frame);
  }

  receive(): Promise<HandshakeFrame | undefined> {
    const frame = this.#inbox.shift();
    if (frame !== undefined || this.#closed) return Promise.resolve(frame);
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }

  deliver(frame: HandshakeFrame): void {
    const reader = this.#reader;
    this.#reader = null;
    if (reader) reader(frame);
    else this.#inbox.push(frame);
  }

  close(): void {
    this.#closed = true;
    this.#reader?.(undefined);
  }
}

const caller = (more: Partial<HandshakeOptions> = {}): HandshakeOptions => ({
  crypto,
  self: alice,
  expected: bob.identity,
  ownFingerprint: FP_A,
  peerFingerprint: FP_B,
  ...more,
});
const callee = (more: Partial<HandshakeOptions> = {}): HandshakeOptions => ({
  crypto,
  self: bob,
  expected: alice.identity,
  ownFingerprint: FP_B,
  peerFingerprint: FP_A,
  ...more,
});

interface Run {
  readonly initiator: Outcome;
  readonly confirmed: Result<void, HandshakeFault> | null;
  readonly responder: Outcome;
  readonly fromInitiator: readonly HandshakeFrame[];
  readonly fromResponder: readonly HandshakeFrame[];
}

/** Runs both parts over a wire. Where one gives up, the other's channel closes. */
const run = async (
  a: HandshakeOptions,
  b: HandshakeOptions,
  toResponder: Carry = asIs,
  toInitiator: Carry = asIs,
): Promise<Run> => {
  const [near, far] = [new Wire(), new Wire()];
  near.onSend = (frame) => {
    for (const carried of toResponder(frame, (said) => near.deliver(said))) far.deliver(carried);
  };
  far.onSend = (frame) => {
    for (const carried of toInitiator(frame, (said) => far.deliver(said))) near.deliver(carried);
  };
  const closing = <T extends Outcome>(outcome: T, other: Wire): T => {
    if (!outcome.ok) other.close();
    return outcome;
  };
  const responding = respond(far, b).then((outcome) => closing(outcome, near));
  const initiator = closing(await initiate(near, a), far);
  const last = initiator.ok ? await confirmed(near) : null;
  if (last && !last.ok) far.close();
  const responder = await responding;
  return { initiator, confirmed: last, responder, fromInitiator: near.sent, fromResponder: far.sent };
};

const errorOf = (outcome: Outcome): HandshakeFault | null => (outcome.ok ? null : outcome.error);

describe('the handshake', () => {
  test('proves each to the other, with one code', async () => {
    const { initiator, confirmed: last, responder } = await run(caller(), callee());
    if (!initiator.ok || !responder.ok) throw new Error('failed');
    expect(last).toEqual({ ok: true, value: undefined });
    expect(initiator.value.peer).toEqual(bob.identity);
    expect(responder.value.peer).toEqual(alice.identity);
    expect(initiator.value.code).toEqual(responder.value.code);
    expect([initiator.value.version, responder.value.version]).toEqual([1, 1]);
  });

  test('has another code every time', async () => {
    const codes = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const { initiator } = await run(caller(), callee());
        return initiator.ok ? initiator.value.code.join() : 'failed';
      }),
    );
    expect(new Set(codes).size).toBe(5);
  });

  test('fits into the bytes that a stranger may send', async () => {
    const { fromInitiator, fromResponder } = await run(caller(), callee());
    for (const frames of [fromInitiator, fromResponder]) {
      const bytes = frames.reduce((sum, frame) => sum + encodeFrame(frame).length, 0);
      expect(bytes).toBeLessThan(HANDSHAKE_MAX_BYTES / 4);
    }
    expect(fromInitiator.map(({ type }) => type)).toEqual(['hello', 'initiator_proof']);
    expect(fromResponder.map(({ type }) => type)).toEqual(['responder_proof', 'secure']);
  });

  test('shows the caller’s nonce only after the callee has signed', async () => {
    let signed = false;
    await run(
      caller(),
      callee(),
      (frame) => {
        if (frame.type === 'initiator_proof') expect(signed).toBe(true);
        return [frame];
      },
      (frame) => {
        if (frame.type === 'responder_proof') signed = true;
        return [frame];
      },
    );
    expect(signed).toBe(true);
  });

  test('takes the first offered version that the callee speaks', async () => {
    const both = await run(caller({ versions: [3, 2, 1] }), callee({ versions: [1, 2] }));
    expect(both.initiator).toMatchObject({ ok: true, value: { version: 2 } });
    expect(both.responder).toMatchObject({ ok: true, value: { version: 2 } });
    const neither = await run(caller({ versions: [3] }), callee({ versions: [2, 1] }));
    expect(errorOf(neither.responder)).toBe('violation');
    expect(neither.initiator.ok).toBe(false);
  });
});

/** Each row: who is deceived must say so, and neither may take the other for proved. */
describe('a server that meddles', () => {
  test.each<[string, HandshakeOptions, HandshakeOptions, HandshakeFault]>([
    ['swapped the fingerprint that the caller got', caller({ peerFingerprint: FP_M }), callee(), 'not_proved'],
    ['swapped the fingerprint that the callee got', caller(), callee({ peerFingerprint: FP_M }), 'not_proved'],
    [
      'sits in the middle with certificates of its own',
      caller({ peerFingerprint: FP_M }),
      callee({ peerFingerprint: fingerprint(4) }),
      'not_proved',
    ],
    [
      'changed both fingerprints round',
      caller({ ownFingerprint: FP_B, peerFingerprint: FP_A }),
      callee(),
      'not_proved',
    ],
    ['announced somebody else to the caller', caller({ expected: mallory.identity }), callee(), 'not_proved'],
    [
      'announced another device of the same person',
      caller({ expected: { person: bob.identity.person, device: mallory.identity.device } }),
      callee(),
      'not_proved',
    ],
    [
      'announced the same device of another person',
      caller({ expected: { person: mallory.identity.person, device: bob.identity.device } }),
      callee(),
      'not_proved',
    ],
    ['gave the caller its own certificate back', caller({ peerFingerprint: FP_A }), callee(), 'violation'],
  ])('%s', async (_, a, b, fault) => {
    const { initiator, confirmed: last, responder } = await run(a, b);
    expect(errorOf(initiator)).toBe(fault);
    expect(last).toBeNull();
    expect(responder.ok).toBe(false);
  });

  test('announced somebody else to the callee: the callee finds out first', async () => {
    const { initiator, responder } = await run(caller(), callee({ expected: mallory.identity }));
    expect(errorOf(responder)).toBe('not_proved');
    expect(initiator.ok).toBe(false);
  });

  test('gave the callee its own certificate back', async () => {
    const { initiator, responder } = await run(caller(), callee({ peerFingerprint: FP_B }));
    expect(errorOf(responder)).toBe('violation');
    expect(initiator.ok).toBe(false);
  });

  test('announced oneself: a device never talks with itself', async () => {
    const self = await run(caller({ expected: alice.identity }), callee({ self: alice, expected: alice.identity }));
    expect(errorOf(self.responder)).toBe('not_proved');
    expect(self.initiator.ok).toBe(false);
    const twin: LocalIdentity = {
      identity: { ...mallory.identity, person: alice.identity.person },
      device: mallory.device,
    };
    const twins = await run(caller({ expected: twin.identity }), callee({ self: twin }));
    expect(errorOf(twins.responder)).toBe('not_proved');
  });
});

describe('somebody in the middle of the messages', () => {
  /** What a frame turns into when a field is another. */
  const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 5 ? byte ^ 1 : byte));
  const change =
    <T extends HandshakeFrame['type']>(
      type: T,
      alter: (frame: Extract<HandshakeFrame, { type: T }>) => HandshakeFrame,
    ): Carry =>
    (frame) => [frame.type === type ? alter(frame as Extract<HandshakeFrame, { type: T }>) : frame];

  test.each<[string, Carry, Carry]>([
    ['takes versions away', change('hello', (frame) => ({ ...frame, versions: [1] })), asIs],
    ['adds versions', change('hello', (frame) => ({ ...frame, versions: [...frame.versions, 9] })), asIs],
    ['says another version', asIs, change('responder_proof', (frame) => ({ ...frame, version: 1 }))],
    ['changes the commitment', change('hello', (frame) => ({ ...frame, commitment: flip(frame.commitment) })), asIs],
    [
      'changes the callee’s nonce',
      asIs,
      change('responder_proof', (frame) => ({ ...frame, nonce: flip(frame.nonce) })),
    ],
    [
      'changes the callee’s signature',
      asIs,
      change('responder_proof', (frame) => ({ ...frame, signature: flip(frame.signature) })),
    ],
    [
      'changes the callee’s certificate',
      asIs,
      change('responder_proof', (frame) => ({
        ...frame,
        identity: { ...frame.identity, certificate: flip(frame.identity.certificate) },
      })),
    ],
    [
      'puts its own identity in the callee’s place',
      asIs,
      change('responder_proof', (frame) => ({ ...frame, identity: mallory.identity })),
    ],
    [
      'changes the caller’s certificate',
      change('hello', (frame) => ({
        ...frame,
        identity: { ...frame.identity, certificate: flip(frame.identity.certificate) },
      })),
      asIs,
    ],
  ])('%s', async (_, toResponder, toInitiator) => {
    const versions = [2, 1];
    const {
      initiator,
      confirmed: last,
      responder,
    } = await run(caller({ versions }), callee({ versions }), toResponder, toInitiator);
    expect(initiator.ok).toBe(false);
    expect(errorOf(initiator)).toBe('not_proved');
    expect(last).toBeNull();
    expect(responder.ok).toBe(false);
  });

  test.each<[string, Carry]>([
    ['changes the caller’s nonce', change('initiator_proof', (frame) => ({ ...frame, nonce: flip(frame.nonce) }))],
    [
      'changes the caller’s signature',
      change('initiator_proof', (frame) => ({ ...frame, signature: flip(frame.signature) })),
    ],
  ])('%s', async (_, toResponder) => {
    const { responder, confirmed: last } = await run(caller(), callee(), toResponder);
    expect(errorOf(responder)).toBe('not_proved');
    expect(last?.ok).toBe(false);
  });

  test('signs itself, in the callee’s name', async () => {
    const near = new Wire();
    const signature = await mallory.device.sign(responderSigns(new Uint8Array(32)));
    near.deliver({ type: 'responder_proof', version: 1, identity: bob.identity, nonce: new Uint8Array(32), signature });
    expect(errorOf(await initiate(near, caller()))).toBe('not_proved');
    expect(near.sent.map(({ type }) => type)).toEqual(['hello']);
  });

  test('relays between two honest sides that each expect it', async () => {
    // Alice talks to Mallory on purpose, and Mallory wants Bob to think that it is Alice who talks to him.
    const toMallory = caller({ expected: mallory.identity, peerFingerprint: FP_M });
    const fromMallory = callee({ peerFingerprint: fingerprint(4) });
    const { initiator, responder } = await run(toMallory, fromMallory);
    expect([errorOf(initiator), responder.ok]).toEqual(['not_proved', false]);
  });

  test('reflects what each side says', async () => {
    const both: Carry = (frame, say) => {
      say(frame);
      return [];
    };
    const { initiator, responder } = await run(caller(), callee(), both, both);
    expect([errorOf(initiator), responder.ok]).toEqual(['violation', false]);
  });

  test('reflects the callee’s signature as the caller’s', async () => {
    const far = new Wire();
    const responding = respond(far, callee({ expected: alice.identity }));
    far.onSend = (frame) => {
      if (frame.type === 'responder_proof')
        far.deliver({ type: 'initiator_proof', nonce: frame.nonce, signature: frame.signature });
    };
    far.deliver({ type: 'hello', versions: [1], identity: alice.identity, commitment: new Uint8Array(32) });
    expect(errorOf(await responding)).toBe('not_proved');
  });

  test('the two signatures are never of one text', () => {
    const transcript = new Uint8Array(32);
    expect(responderSigns(transcript)).not.toEqual(initiatorSigns(transcript, new Uint8Array(32)));
  });
});

describe('a device that lies for itself', () => {
  /** A device of Mallory's in the name of another person, with a server that plays along. */
  const impostor = (person: LocalIdentity): LocalIdentity => ({
    identity: { ...mallory.identity, person: person.identity.person },
    device: mallory.device,
  });

  test('is refused by the caller where the person hasn’t certified it', async () => {
    const self = impostor(bob);
    const { initiator, responder } = await run(caller({ expected: self.identity }), callee({ self }));
    expect([errorOf(initiator), responder.ok]).toEqual(['not_proved', false]);
  });

  test('is refused by the callee likewise', async () => {
    const self = impostor(alice);
    const { responder, confirmed: last } = await run(caller({ self }), callee({ expected: self.identity }));
    expect([errorOf(responder), last?.ok]).toEqual(['not_proved', false]);
  });

  test('can’t choose a version that wasn’t offered', async () => {
    const near = new Wire();
    near.onSend = (frame) => {
      if (frame.type !== 'hello') return;
      const nonce = new Uint8Array(32);
      const transcript = handshakeTranscript(crypto.hash, {
        versionsOffered: frame.versions,
        versionChosen: 9,
        initiatorFingerprint: FP_A,
        responderFingerprint: FP_B,
        commitment: frame.commitment,
        responderNonce: nonce,
        initiator: frame.identity,
        responder: bob.identity,
      });
      void bob.device
        .sign(responderSigns(transcript))
        .then((signature) =>
          near.deliver({ type: 'responder_proof', version: 9, identity: bob.identity, nonce, signature }),
        );
    };
    expect(errorOf(await initiate(near, caller()))).toBe('violation');
  });

  test('can’t choose its nonce after it has seen the other’s, to steer the code', async () => {
    const far = new Wire();
    const responding = respond(far, callee());
    const commitment = new Uint8Array(32);
    const nonce = new Uint8Array(32).fill(7);
    const hello = { type: 'hello', versions: [1], identity: alice.identity, commitment } as const;
    const answered = new Promise<Extract<HandshakeFrame, { type: 'responder_proof' }>>((resolve) => {
      far.onSend = (frame) => {
        if (frame.type === 'responder_proof') resolve(frame);
      };
    });
    far.deliver(hello);
    const answer = await answered;
    const transcript = handshakeTranscript(crypto.hash, {
      versionsOffered: hello.versions,
      versionChosen: answer.version,
      initiatorFingerprint: FP_A,
      responderFingerprint: FP_B,
      commitment,
      responderNonce: answer.nonce,
      initiator: alice.identity,
      responder: bob.identity,
    });
    // The signature itself is good: Alice's device made it, of the very transcript.
    const signature = await alice.device.sign(initiatorSigns(transcript, nonce));
    far.deliver({ type: 'initiator_proof', nonce, signature });
    expect(errorOf(await responding)).toBe('not_proved');
  });
});

describe('messages of another time', () => {
  test('a recorded callee proves nothing to a new call', async () => {
    const recorded = await run(caller(), callee());
    const replay = new Wire();
    replay.onSend = () => undefined;
    for (const frame of recorded.fromResponder) replay.deliver(frame);
    expect(errorOf(await initiate(replay, caller()))).toBe('not_proved');
  });

  test('a recorded caller proves nothing to a new answer', async () => {
    const recorded = await run(caller(), callee());
    const replay = new Wire();
    for (const frame of recorded.fromInitiator) replay.deliver(frame);
    expect(errorOf(await respond(replay, callee()))).toBe('not_proved');
    expect(replay.sent.map(({ type }) => type)).toEqual(['responder_proof']);
  });
});

describe('messages out of order', () => {
  const secure: HandshakeFrame = { type: 'secure' };
  const proof: HandshakeFrame = { type: 'initiator_proof', nonce: new Uint8Array(32), signature: new Uint8Array(64) };
  const hello: HandshakeFrame = {
    type: 'hello',
    versions: [1],
    identity: alice.identity,
    commitment: new Uint8Array(32),
  };

  test.each<[string, readonly HandshakeFrame[]]>([
    ['H4 first', [secure]],
    ['H3 first', [proof]],
    ['H1 from the callee', [hello]],
  ])('the caller refuses %s', async (_, frames) => {
    const wire = new Wire();
    for (const frame of frames) wire.deliver(frame);
    expect(errorOf(await initiate(wire, caller()))).toBe('violation');
  });

  test.each<[string, readonly HandshakeFrame[]]>([
    ['H3 first', [proof]],
    ['H4', [secure]],
    ['H1 twice', [hello, hello]],
    ['H4 in the place of H3', [hello, secure]],
  ])('the callee refuses %s', async (_, frames) => {
    const wire = new Wire();
    for (const frame of frames) wire.deliver(frame);
    expect(errorOf(await respond(wire, callee()))).toBe('violation');
  });

  test('a last word that isn’t H4 is none', async () => {
    const wire = new Wire();
    wire.deliver(hello);
    expect(await confirmed(wire)).toEqual({ ok: false, error: 'violation' });
  });

  test('a channel that ends ends it', async () => {
    for (const part of [initiate, respond]) {
      const wire = new Wire();
      const running = part(wire, part === initiate ? caller() : callee());
      wire.close();
      expect(errorOf(await running)).toBe('violation');
    }
  });
});
