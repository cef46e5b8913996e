/** How many tests ended in which way: `{ passed, failed, skipped }`. */
export const NOTHING = Object.freeze({ passed: 0, failed: 0, skipped: 0 });

export const plus = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

export const summary = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** What the simulation says in its last line, or nothing where it came to no end. */
export const fromSim = (output) => {
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  return /^\{"passed":\d+,"failed":\d+,"skipped":\d+\}$/.test(last) ? JSON.parse(last) : { ...NOTHING, failed: 1 };
};

/**
 * A runner's count with its exit code beside it: a run that failed without a failed test (a crash, a file that doesn't
 * load, nothing found) is a failure all the same.
 */
export const withExit = (count, code) => (code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count);

/** Vitest's JSON report. A file that doesn't load counts as one failure. */
export const fromVitest = (report) => {
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
};

/** Playwright's JSON report. A test that passed at its second try has passed, and the run's own output names it as flaky; an error outside of tests counts as a failure. */
export const fromPlaywright = ({ stats, errors }) => ({
  passed: stats.expected + stats.flaky,
  failed: stats.unexpected + errors.length,
  skipped: stats.skipped,
});
