import { CHROMIUM } from '../people/browsers.ts';
import { test } from '../people/people.ts';
import { crashWhileWriting } from './rounds.ts';

const ROUNDS = 4;
const ROUND_MAX_MS = 45_000;

test.skip(CHROMIUM === undefined, 'Chromium is missing');

test('a browser that is killed while its person types and sends loses and doubles nothing', async ({
  browser,
  server,
}) => {
  test.setTimeout((ROUNDS + 1) * ROUND_MAX_MS);
  await crashWhileWriting(browser, server.url, ROUNDS);
});
