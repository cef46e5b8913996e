import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, lengthPrefixed, Writer } from './bytes.ts';
import { checkText, decodeBody, decodeHeader, type EntryHeader, encodeBody, encodeHeader } from './entry.ts';
import { decodeFrame, encodeFrame, type Frame, isHandshakeFrame } from './frames.ts';
import { conversationIdOf, deviceIdOf, entryIdOf, personIdOf } from './ids.ts';
import {
  ENTRY_DEPS_MAX,
  ENTRY_MAX_BYTES,
  PEER_FRAME_MAX_BYTES,
  TEXT_MAX_BYTES,
  VECTOR_MAX_LOGS,
  WALL_MAX_MS,
} from './limits.ts';

const RUNS = 100_000;

const fixed = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const count = fc.maxSafeNat();
const seq = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const device = fixed(32).map(deviceIdOf);
const conversation = fixed(32).map(conversationIdOf);
const entryIdArb = fixed(32).map(entryIdOf);
const identity = fc.record({ person: fixed(32).map(personIdOf), device, certificate: fixed(64) });
const position = fc.record({ author: device, epoch: count, seq });
const log = ({ author, epoch }: { author: string; epoch: number }): string => `${author} ${epoch}`;

const header: fc.Arbitrary<EntryHeader> = fc
  .record({
    conversation,
    author: device,
    epoch: count,
    seq,
    prev: entryIdArb,
    deps: fc.uniqueArray(fc.record({ author: device, epoch: count, seq, id: entryIdArb }), {
      maxLength: 4,
      selector: log,
    }),
    lamport: seq,
    wall: fc.integer({ min: 0, max: WALL_MAX_MS }),
    bodyHash: fixed(32),
  })
  .map((fields) => ({ ...fields, prev: fields.seq === 1 ? null : fields.prev }));

const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({
    type: fc.constant('hello' as const),
    versions: fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 16 }),
    identity,
    commitment: fixed(32),
  }),
  fc.record({
    type: fc.constant('responder_proof' as const),
    version: fc.integer({ min: 0, max: 255 }),
    identity,
    nonce: fixed(32),
    signature: fixed(64),
  }),
  fc.record({ type: fc.constant('initiator_proof' as const), nonce: fixed(32), signature: fixed(64) }),
  fc.record({
    type: fc.constant('have' as const),
    conversation,
    vector: fc.uniqueArray(position, { maxLength: 6, selector: log }),
  }),
  fc.record({
    type: fc.constant('entries' as const),
    conversation,
    entries: fc.array(
      fc.record({
        header: fc.uint8Array({ maxLength: 80 }),
        body: fc.uint8Array({ maxLength: 80 }),
        signature: fixed(64),
      }),
      { maxLength: 3 },
    ),
  }),
  fc.record({ type: fc.constantFrom('beat' as const, 'echo' as const), count }),
  fc.record({ type: fc.constant('profile' as const), name: fc.string({ unit: 'grapheme', maxLength: 10 }) }),
  fc.record({ type: fc.constantFrom('secure' as const, 'bye' as const) }),
);

/** A repeatable source of whole numbers below `bound` (xorshift32). */
const source = (seed: number) => {
  let state = seed;
  return (bound: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
};

/** Some bytes of a well-formed message cut out, doubled, flipped or put in, up to three times. */
const mutate = (bytes: Uint8Array, below: (bound: number) => number): Uint8Array => {
  let now = bytes;
  for (let edits = below(3); edits >= 0; edits--) {
    const at = below(now.length + 1);
    const put = Uint8Array.from({ length: below(4) }, () => [0, 1, 127, 128, 255, below(256)][below(6)] ?? 0);
    now = Buffer.concat([now.subarray(0, at), put, now.subarray(at + below(4))]);
  }
  return now;
};

/** Mutates samples a hundred thousand times and hands each to `check`, with the seed that makes it again. */
const fuzz = (samples: readonly Uint8Array[], check: (bytes: Uint8Array) => void): void => {
  for (let run = 0; run < RUNS; run++) {
    const bytes = mutate(samples[run % samples.length] ?? new Uint8Array(), source(run + 1));
    try {
      check(bytes);
    } catch (cause) {
      throw new Error(`run ${run}: ${Buffer.from(bytes).toString('hex')}`, { cause });
    }
  }
};

const sampled = <T>(arbitrary: fc.Arbitrary<T>, encode: (value: T) => Uint8Array): readonly Uint8Array[] =>
  fc.sample(arbitrary, { seed: 1, numRuns: 500 }).map(encode);

const sameBytes = (a: Uint8Array, b: Uint8Array): void => {
  if (Buffer.compare(a, b) !== 0) throw new Error(`a second encoding of ${Buffer.from(b).toString('hex')}`);
};

describe('what is written reads back', () => {
  test('frames', () => {
    fc.assert(
      fc.property(frame, (value) => {
        expect(decodeFrame(encodeFrame(value))).toEqual({ ok: true, value });
      }),
    );
  });
  test('headers', () => {
    fc.assert(
      fc.property(header, (value) => {
        expect(decodeHeader(encodeHeader(value))).toEqual({ ok: true, value });
      }),
    );
  });
  test('bodies', () => {
    fc.assert(
      fc.property(fixed(16), fc.string({ unit: 'grapheme' }), (salt, text) => {
        const body = { kind: 'text', salt, text } as const;
        expect(decodeBody(encodeBody(body))).toEqual({ ok: true, value: body });
      }),
    );
  });
});

// What a mutation leaves readable must have been the only way to write it: two encodings of one value would be two ids.
describe('100,000 mutations: refused, or the very bytes of what they mean', () => {
  test('frames', () => {
    fuzz(sampled(frame, encodeFrame), (bytes) => {
      const decoded = decodeFrame(bytes);
      if (decoded.ok) sameBytes(bytes, encodeFrame(decoded.value));
    });
  });

  test('headers', () => {
    fuzz(sampled(header, encodeHeader), (bytes) => {
      const decoded = decodeHeader(bytes);
      if (decoded.ok) sameBytes(bytes, encodeHeader(decoded.value));
    });
  });

  test('bodies, and bytes of no shape at all', () => {
    fuzz(
      sampled(fc.uint8Array({ maxLength: 300 }), (bytes) => bytes),
      (bytes) => {
        const body = decodeBody(bytes);
        if (body.ok && body.value.kind === 'text') sameBytes(bytes, encodeBody(body.value));
        decodeFrame(bytes);
        decodeHeader(bytes);
      },
    );
  });

  test('the mutator leaves something readable, and something not', () => {
    const samples = sampled(frame, encodeFrame);
    const readable = Array.from({ length: 2_000 }, (_, run) =>
      decodeFrame(mutate(samples[run % samples.length] ?? new Uint8Array(), source(run + 1))),
    ).filter((decoded) => decoded.ok).length;
    expect(readable).toBeGreaterThan(100);
    expect(readable).toBeLessThan(1_900);
  });
});

const id32 = new Uint8Array(32).fill(7);
const author = deviceIdOf(id32);
const base: EntryHeader = {
  conversation: conversationIdOf(id32),
  author,
  epoch: 0,
  seq: 1,
  prev: null,
  deps: [],
  lamport: 1,
  wall: 0,
  bodyHash: id32,
};
const dep = (n: number, epoch = 0) => ({
  author: deviceIdOf(new Uint8Array(32).fill(n)),
  epoch,
  seq: 1,
  id: entryIdOf(id32),
});

test.each([
  ['number 0', { seq: 0 }],
  ['lamport 0', { lamport: 0 }],
  ['a time that no platform shows', { wall: WALL_MAX_MS + 1 }],
  ['an entry that needs its own log', { deps: [dep(7)] }],
  ['one log needed twice', { deps: [dep(1), { ...dep(1), seq: 2 }] }],
  ['too many logs', { deps: Array.from({ length: ENTRY_DEPS_MAX + 1 }, (_, i) => dep(1, i)) }],
])('a header is refused: %s', (_, change) => {
  expect(decodeHeader(encodeHeader({ ...base, ...change }))).toEqual({ ok: false, error: 'malformed' });
});

test('a header may need its author’s own log of another epoch, and as many logs as allowed', () => {
  const deps = [dep(7, 1), ...Array.from({ length: ENTRY_DEPS_MAX - 1 }, (_, i) => dep(1, i))];
  expect(decodeHeader(encodeHeader({ ...base, deps })).ok).toBe(true);
});

test.each([
  ['the largest entry', ENTRY_MAX_BYTES, true],
  ['one byte more', ENTRY_MAX_BYTES + 1, false],
])('%s', (_, size, fits) => {
  const entry = { header: new Uint8Array(100), body: new Uint8Array(size - 164), signature: new Uint8Array(64) };
  const bytes = encodeFrame({ type: 'entries', conversation: base.conversation, entries: [entry] });
  expect(decodeFrame(bytes).ok).toBe(fits);
});

test.each([
  ['the longest text', TEXT_MAX_BYTES, true],
  ['one byte more', TEXT_MAX_BYTES + 1, false],
])('%s', (_, size, fits) => {
  const text = 'x'.repeat(size);
  expect(decodeBody(encodeBody({ kind: 'text', salt: new Uint8Array(16), text })).ok).toBe(fits);
  expect(checkText(text).ok).toBe(fits);
});

test('a list that claims more than there is costs nothing', () => {
  const claims = new Writer().byte(16).fixed(id32).number(VECTOR_MAX_LOGS).done();
  expect(decodeFrame(claims)).toEqual({ ok: false, error: 'malformed' });
  const beyond = new Writer().byte(16).fixed(id32).number(Number.MAX_SAFE_INTEGER).done();
  expect(decodeFrame(beyond)).toEqual({ ok: false, error: 'malformed' });
});

test('one log twice in a vector has no meaning', () => {
  const at = { author, epoch: 0, seq: 1 };
  const bytes = encodeFrame({ type: 'have', conversation: base.conversation, vector: [at, { ...at, seq: 2 }] });
  expect(decodeFrame(bytes)).toEqual({ ok: false, error: 'malformed' });
});

test('a frame beyond the limit isn’t looked into', () => {
  const entry = { header: new Uint8Array(0), body: new Uint8Array(20_000), signature: new Uint8Array(64) };
  const bytes = encodeFrame({ type: 'entries', conversation: base.conversation, entries: Array(4).fill(entry) });
  expect(bytes.length).toBeGreaterThan(PEER_FRAME_MAX_BYTES);
  expect(decodeFrame(bytes)).toEqual({ ok: false, error: 'malformed' });
});

test('what was read doesn’t change when the socket writes over its buffer', () => {
  const pool = Buffer.alloc(64, 1);
  const read = decode(pool.subarray(8, 40), (reader) => reader.fixed(32));
  pool.fill(2);
  expect(read).toEqual({ ok: true, value: new Uint8Array(32).fill(1) });
});

test('no two lists of fields are one concatenation', () => {
  const fields = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 });
  fc.assert(
    fc.property(fields, fields, (a, b) => {
      const same = a.length === b.length && a.every((field, i) => Buffer.compare(field, b[i] ?? Buffer.alloc(0)) === 0);
      expect(Buffer.compare(lengthPrefixed(...a), lengthPrefixed(...b)) === 0).toBe(same);
    }),
  );
});

test.each([-1, 0.5, Number.NaN, 2 ** 53])('%d has no encoding', (value) => {
  expect(() => new Writer().number(value)).toThrow('Bug');
});

test('the handshake’s frames are the first four', () => {
  fc.assert(
    fc.property(frame, (value) => {
      const first = ['hello', 'responder_proof', 'initiator_proof', 'secure'].includes(value.type);
      expect(isHandshakeFrame(value)).toBe(first);
    }),
  );
});
