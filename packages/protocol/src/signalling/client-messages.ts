import * as v from 'valibot';
import { fromBase64Url } from '../bytes.ts';
import { NONCE_BYTES } from '../claim.ts';
import { type Identity, SIGNATURE_BYTES } from '../identity.ts';
import { type AttemptId, type Name, parseDeviceId, parseName, parsePersonId } from '../ids.ts';
import { ATTEMPT_ID_LENGTH, CANDIDATE_MAX_LENGTH, NAME_MAX_LENGTH, SDP_MAX_LENGTH } from '../limits.ts';
import { fail, ok, type Result } from '../result.ts';
import type { SignalErrorCode } from './errors.ts';

/** The WebSocket subprotocol of a client with keys. Without it a connection speaks the plain dialect. */
export const SUBPROTOCOL = 'earshot.1';

export const NameSchema = v.pipe(
  v.string(),
  v.maxLength(NAME_MAX_LENGTH),
  v.rawTransform(({ dataset, addIssue, NEVER }): Name => {
    const name = parseName(dataset.value);
    if (name.ok) return name.value;
    addIssue({ message: name.error });
    return NEVER;
  }),
);

const bytesOf = (length: number) =>
  v.pipe(
    v.string(),
    v.maxLength(Math.ceil((length * 4) / 3)),
    v.rawTransform(({ dataset, addIssue, NEVER }): Uint8Array => {
      const bytes = fromBase64Url(dataset.value);
      if (bytes?.length === length) return bytes;
      addIssue({ message: 'bytes' });
      return NEVER;
    }),
  );

const idOf = <T>(parse: (text: string) => T | undefined) =>
  v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }): T => {
      const id = parse(dataset.value);
      if (id !== undefined) return id;
      addIssue({ message: 'key' });
      return NEVER;
    }),
  );

export const PersonIdSchema = idOf(parsePersonId);
export const DeviceIdSchema = idOf(parseDeviceId);
/** Who a keyed client is, as the server has authenticated it. */
export const KeySchema = v.object({ person: PersonIdSchema, device: DeviceIdSchema });
export type Key = v.InferOutput<typeof KeySchema>;

export const NonceSchema = bytesOf(NONCE_BYTES);

const IdentitySchema: v.GenericSchema<unknown, Identity> = v.object({
  person: PersonIdSchema,
  device: DeviceIdSchema,
  certificate: bytesOf(SIGNATURE_BYTES),
}) as v.GenericSchema<unknown, Identity>;

export const ClaimSchema = v.object({ key: IdentitySchema, nonce: NonceSchema, signature: bytesOf(SIGNATURE_BYTES) });
export type Claim = v.InferOutput<typeof ClaimSchema>;

export const AttemptSchema = v.pipe(
  v.string(),
  v.length(ATTEMPT_ID_LENGTH),
  v.regex(/^[\w-]+$/),
  v.transform((text) => text as AttemptId),
);

export const SdpSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(SDP_MAX_LENGTH));

/** `type` is upper case from the original client; nothing depends on it. */
const DescriptionSchema = v.object({ sdp: SdpSchema, type: v.optional(v.pipe(v.string(), v.maxLength(16))) });

/** A number may come as `0.0`: JSON makes both 0. */
export const CandidateSchema = v.object({
  sdpMLineIndex: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255)))),
  sdpMid: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(64)))),
  sdpCandidate: v.pipe(v.string(), v.maxLength(CANDIDATE_MAX_LENGTH)),
});
export type Candidate = v.InferOutput<typeof CandidateSchema>;

/** `name` in a client's message is ignored but for `store_user`: the server knows who speaks. */
const addressed = {
  target: NameSchema,
  /** One device of the target; the newest without it. */
  device: v.optional(DeviceIdSchema),
  attempt: v.optional(AttemptSchema),
};

export const CLIENT_SCHEMAS = {
  store_user: v.object({ type: v.literal('store_user'), name: NameSchema, data: v.optional(v.nullable(ClaimSchema)) }),
  start_transfer: v.object({ type: v.literal('start_transfer'), target: NameSchema }),
  create_offer: v.object({ type: v.literal('create_offer'), ...addressed, data: DescriptionSchema }),
  create_answer: v.object({ type: v.literal('create_answer'), ...addressed, data: DescriptionSchema }),
  ice_candidate: v.object({ type: v.literal('ice_candidate'), ...addressed, data: CandidateSchema }),
  /** The callee's person said no, or the callee can't. */
  decline: v.object({
    type: v.literal('decline'),
    target: NameSchema,
    device: v.optional(DeviceIdSchema),
    attempt: AttemptSchema,
  }),
  /** The caller takes its offer back. */
  cancel: v.object({
    type: v.literal('cancel'),
    target: NameSchema,
    device: v.optional(DeviceIdSchema),
    attempt: AttemptSchema,
  }),
  ping: v.object({ type: v.literal('ping') }),
} as const;

export type ClientMessageType = keyof typeof CLIENT_SCHEMAS;
export type ClientMessage = { [T in ClientMessageType]: v.InferOutput<(typeof CLIENT_SCHEMAS)[T]> }[ClientMessageType];

/** Parses what `JSON.parse` gave. */
export const parseClientMessage = (value: unknown): Result<ClientMessage, SignalErrorCode> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail('not_json');
  const type = 'type' in value ? value.type : undefined;
  if (typeof type !== 'string' || !Object.hasOwn(CLIENT_SCHEMAS, type)) return fail('unknown_type');
  const parsed = v.safeParse(CLIENT_SCHEMAS[type as ClientMessageType], value, { abortEarly: true });
  if (parsed.success) return ok(parsed.output);
  const named = parsed.issues.some((issue) => issue.path?.some((step) => step.key === 'name' || step.key === 'target'));
  return fail(named ? 'name_invalid' : 'invalid');
};
