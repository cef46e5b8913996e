import { test } from '../people/people.ts';
import { crashWhileWriting } from './rounds.ts';

const ROUNDS = 4;
const ROUND_MAX_MS = 45_000;

test('a browser that is killed while its person types and sends loses and doubles nothing', async ({
  chromiumBrowser,
  server,
}) => {
  test.setTimeout((ROUNDS + 1) * ROUND_MAX_MS);
  await crashWhileWriting(await chromiumBrowser(), server.url, ROUNDS);
});
