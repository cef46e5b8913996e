import * as v from 'valibot';
import { ICE_SERVER_TEXT_MAX_LENGTH, ICE_SERVERS_MAX, SERVER_FRAME_MAX_LENGTH } from '../limits.ts';
import { fail, ok, type Result } from '../result.ts';
import { AttemptSchema, CandidateSchema, KeySchema, NameSchema, NonceSchema, SdpSchema } from './client-messages.ts';
import { SIGNAL_ERRORS, type SignalErrorCode } from './errors.ts';

/** Who sent it, as the server has authenticated them. No `key`: a plain client, who is nobody in particular. */
const sent = { name: NameSchema, key: v.optional(KeySchema), attempt: v.optional(AttemptSchema) };

const ErrorCodeSchema = v.pipe(
  v.string(),
  v.check((code) => Object.hasOwn(SIGNAL_ERRORS, code)),
  v.transform((code) => code as SignalErrorCode),
);

const IceTextSchema = v.pipe(v.string(), v.maxLength(ICE_SERVER_TEXT_MAX_LENGTH));
/** RFC 7064 and 7065. Browsers throw on any other scheme, and the list comes from a server that isn't believed. */
const IceUrlSchema = v.pipe(IceTextSchema, v.regex(/^(?:stuns?|turns?):[^\s/]+$/));

const IceServerSchema = v.pipe(
  v.object({
    urls: v.union([IceUrlSchema, v.pipe(v.array(IceUrlSchema), v.minLength(1), v.maxLength(ICE_SERVERS_MAX))]),
    username: v.optional(IceTextSchema),
    credential: v.optional(IceTextSchema),
  }),
  // Browsers throw on a relay without its credentials, too.
  v.check(
    ({ urls, username, credential }) =>
      (username !== undefined && credential !== undefined) || ![urls].flat().some((url) => url.startsWith('turn')),
  ),
);
export type IceServer = v.InferOutput<typeof IceServerSchema>;

export const SERVER_SCHEMAS = {
  /** First word to a keyed client: sign this. */
  challenge: v.object({ type: v.literal('challenge'), data: v.object({ nonce: NonceSchema }) }),
  user_stored: v.object({ type: v.literal('user_stored'), data: NameSchema }),
  user_already_exists: v.object({ type: v.literal('user_already_exists'), data: NameSchema }),
  /** After `user_stored`, to a keyed client. `expires`: ms since 1970, `null` for servers that need no credential. */
  ice_servers: v.object({
    type: v.literal('ice_servers'),
    data: v.object({
      servers: v.pipe(v.array(IceServerSchema), v.maxLength(ICE_SERVERS_MAX)),
      // JSON says 1e999, and that is Infinity.
      expires: v.nullable(v.pipe(v.number(), v.finite())),
    }),
  }),
  /** `data` is `null` where nobody is here by that name. `target` repeats the question to a keyed client. */
  transfer_response: v.object({
    type: v.literal('transfer_response'),
    data: v.nullable(NameSchema),
    target: v.optional(NameSchema),
    key: v.optional(KeySchema),
  }),
  offer_received: v.object({ type: v.literal('offer_received'), ...sent, data: SdpSchema }),
  answer_received: v.object({ type: v.literal('answer_received'), ...sent, data: SdpSchema }),
  ice_candidate: v.object({ type: v.literal('ice_candidate'), ...sent, data: CandidateSchema }),
  declined: v.object({ type: v.literal('declined'), ...sent }),
  cancelled: v.object({ type: v.literal('cancelled'), ...sent }),
  pong: v.object({ type: v.literal('pong') }),
  /** `target` and `attempt` say which message it answers, where it answers one. */
  error: v.object({
    type: v.literal('error'),
    data: v.object({
      code: ErrorCodeSchema,
      message: v.string(),
      target: v.optional(NameSchema),
      attempt: v.optional(AttemptSchema),
    }),
  }),
} as const;

export type ServerMessageType = keyof typeof SERVER_SCHEMAS;
export type ServerMessage = { [T in ServerMessageType]: v.InferOutput<(typeof SERVER_SCHEMAS)[T]> }[ServerMessageType];

/** Parses a text frame from a server that isn't believed. Types from a newer server are `unknown_type`: pass over them. */
export const parseServerMessage = (text: string): Result<ServerMessage, 'not_json' | 'unknown_type' | 'invalid'> => {
  if (text.length > SERVER_FRAME_MAX_LENGTH) return fail('invalid');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('not_json');
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return fail('not_json');
  const { type } = value;
  if (typeof type !== 'string' || !Object.hasOwn(SERVER_SCHEMAS, type)) return fail('unknown_type');
  const parsed = v.safeParse(SERVER_SCHEMAS[type as ServerMessageType], value, { abortEarly: true });
  return parsed.success ? ok(parsed.output) : fail('invalid');
};
