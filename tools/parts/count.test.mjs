import { expect, test } from 'vitest';
import { fromPlaywright, fromSim, fromVitest, NOTHING, plus, summary, withExit } from './count.mjs';

test('counts add up and read as one line', () => {
  const total = plus(plus(NOTHING, { passed: 2, failed: 0, skipped: 1 }), { passed: 1, failed: 3, skipped: 0 });
  expect(summary(total)).toBe('3 passed, 3 failed, 1 skipped');
});

test('a run that fails without a failed test is a failure, and a failed test is not counted twice', () => {
  expect(withExit({ passed: 5, failed: 0, skipped: 0 }, 1).failed).toBe(1);
  expect(withExit({ passed: 5, failed: 2, skipped: 0 }, 1).failed).toBe(2);
  expect(withExit({ passed: 5, failed: 0, skipped: 0 }, 0).failed).toBe(0);
});

test('a test file that does not load is a failure', () => {
  const file = (status, ...assertionResults) => ({ status, assertionResults });
  expect(
    fromVitest({
      numPassedTests: 4,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      testResults: [file('passed', {}), file('failed', {}), file('failed')],
    }),
  ).toEqual({ passed: 4, failed: 2, skipped: 3 });
});

test('a test that passes at its second try has passed; an error outside of tests is a failure', () => {
  const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 2 };
  expect(fromPlaywright({ stats, errors: [{}] })).toEqual({ passed: 5, failed: 2, skipped: 2 });
});

test('a simulation that came to no end has failed', () => {
  const line = '{"passed":16,"failed":0,"skipped":0}';
  expect(fromSim(`20000 schedules\n${line}\n`)).toEqual({ passed: 16, failed: 0, skipped: 0 });
  expect(fromSim(`${line}\nkilled`).failed).toBe(1);
  expect(fromSim('').failed).toBe(1);
});
