/** How long a condition may take before its absence is a failure, ms. */
const UNTIL_MAX_MS = 20_000;
/** Between two looks, ms. */
const LOOK_EVERY_MS = 50;

/**
 * Looks again and again until `look` answers something other than `undefined` or `false`, and answers that.
 * Rejects with `what` when the time is over.
 */
export const until = async <T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  maxMs = UNTIL_MAX_MS,
): Promise<T> => {
  const end = performance.now() + maxMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > end) throw new Error(`Not within ${maxMs} ms: ${what}`);
    await pause(LOOK_EVERY_MS);
  }
};

/** Only for what has to last (an outage) or repeat; to wait for something, use {@link until}. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
