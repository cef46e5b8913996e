/** An outcome that must be looked at. `error` is a member of a closed union, never a message. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value });
export const fail = <E>(error: E): Result<never, E> => ({ ok: false, error });

/** What only a bug can cause. Never call it for anything that came from outside. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Bug: ${message}`);
}

/** The end of an exhaustive switch. */
export const unreachable = (value: never): never => {
  throw new Error(`Bug: unexpected ${JSON.stringify(value)}`);
};
