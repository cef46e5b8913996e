/** Chromium's; Firefox and Safari have none (Network Information API). */
type Connection = EventTarget | undefined;

/**
 * Calls `changed` when the platform says that the network is another one or came back, or that the page woke: sockets and
 * timers from before may be dead without knowing it. Answers what ends it.
 */
export const watchNetwork = (changed: () => void): (() => void) => {
  const ended = new AbortController();
  const { signal } = ended;
  const { connection } = navigator as Navigator & { readonly connection?: Connection };
  window.addEventListener('online', changed, { signal });
  window.addEventListener('offline', changed, { signal });
  window.addEventListener('pageshow', ({ persisted }) => persisted && changed(), { signal });
  document.addEventListener('resume', changed, { signal });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && changed(), { signal });
  connection?.addEventListener('change', changed, { signal });
  return () => ended.abort();
};
