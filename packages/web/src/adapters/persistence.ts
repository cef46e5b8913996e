/**
 * Asks the browser to keep this origin's storage also when disk space is short. Chromium decides by itself, Firefox asks the
 * person: call it after they did something that is worth keeping. Never rejects.
 */
export const askToPersist = async (): Promise<void> => {
  try {
    if (!(await navigator.storage.persisted())) await navigator.storage.persist();
  } catch {
    // Some private windows have no storage manager; everything works without the promise.
  }
};
