import { expect } from '@playwright/test';
import { ChromiumScreen } from '../people/chromium-screen.ts';
import { meet } from '../people/meeting.ts';
import { test, unique } from '../people/people.ts';
import { Person } from '../people/person.ts';

test('two people meet and talk both ways, and a reload on either side changes nothing', async ({ people }) => {
  const ann = await people.arrive('Ann');
  const bob = await people.arrive('Bob');
  await meet(ann, bob);

  await ann.send('Hello Bob');
  await bob.seesMessage('Hello Bob');
  await ann.seesState('Hello Bob', 'Delivered');
  await bob.send('Hello Ann');
  await ann.seesMessage('Hello Ann');
  await bob.seesState('Hello Ann', 'Delivered');

  await bob.reload();
  await bob.open(ann.name);
  await bob.hasExactly('Hello Bob', 'Hello Ann');
  await ann.send('Still there?');
  await bob.seesMessage('Still there?');
  await bob.seesLine('Direct');

  await ann.reload();
  await ann.open(bob.name);
  await ann.seesLine('Direct');
  await ann.send('Here again');
  await ann.seesState('Here again', 'Delivered');
  await bob.hasExactly('Hello Bob', 'Hello Ann', 'Still there?', 'Here again');
  await ann.hasExactly('Hello Bob', 'Hello Ann', 'Still there?', 'Here again');
});

test('Enter sends, Shift and Enter break the line, and an address becomes a link', async ({ people }) => {
  const ann = await people.arriveInChromium('Ann');
  const bob = await people.arriveInChromium('Bob');
  await meet(ann, bob);
  await ann.screen.fill('textbox', 'Message', 'first');
  await ann.screen.press('Shift+Enter');
  await ann.screen.page.keyboard.type('second https://example.org/x <b>bold</b>');
  await ann.screen.press('Enter');
  await bob.hasExactly('first\nsecond https://example.org/x <b>bold</b>');
  const link = bob.screen.page.getByRole('log').getByRole('link', { name: 'https://example.org/x' });
  await expect(link).toHaveAttribute('href', 'https://example.org/x');
  await expect(link).toHaveAttribute('rel', /noopener/);
  await expect(bob.screen.page.getByRole('log').locator('b')).toHaveCount(0);
});

test('who is asked may decline: the caller is told, and may ask again', async ({ people }) => {
  const ann = await people.arrive('Ann');
  const bob = await people.arrive('Bob');
  await ann.connect(bob.name);
  await bob.decline(ann.name);
  await ann.reads(/declined/);
  await ann.screen.click('button', 'Try again');
  await bob.accept(ann.name);
  await ann.seesLine('Direct');
});

test('who is blocked is heard no more', async ({ people }) => {
  const ann = await people.arrive('Ann');
  const bob = await people.arrive('Bob');
  await ann.connect(bob.name);
  await bob.block(ann.name);
  await ann.reads(/declined/);
  await ann.screen.click('button', 'Try again');
  await ann.reads(/Waiting for Bob/);
  // Whatever reached Bob from Ann reached him before this.
  const carol = await people.arrive('Carol');
  await carol.connect(bob.name);
  await bob.decline(carol.name);
  expect(await bob.screen.shows('dialog')).toBe(false);
});

test('a name that somebody has is refused plainly, and another one is taken', async ({ people, server }) => {
  const ann = await people.arrive('Ann');
  const other = await people.arrive('Ann', { away: true });
  const impostor = new Person(ann.name, other.screen);
  await impostor.screen.goto(server.url);
  await impostor.screen.fill('textbox', 'Your name', ann.name);
  await impostor.screen.click('button', 'Start');
  await impostor.reads(/belongs to someone else/);
  const free = unique('Anna');
  await impostor.screen.fill('textbox', 'Your name', free);
  await impostor.screen.click('button', 'Start');
  await impostor.isIn();
  await ann.connect(free);
  await impostor.isAsked(ann.name);
});

test('who isn’t here is said to be away at once, and what was written waits and arrives', async ({
  people,
  server,
}) => {
  const ann = await people.arrive('Ann');
  const bob = await people.arrive('Bob', { away: true });
  await ann.connect(bob.name);
  await ann.seesLine('Away');
  await ann.send('For when you come');
  await ann.send('And this');
  await ann.seesState('And this', 'Queued');
  await ann.reload();
  await ann.open(bob.name);
  await ann.hasExactly('For when you come', 'And this');
  await bob.start(server.url);
  await bob.accept(ann.name);
  await ann.seesState('And this', 'Delivered');
  await bob.hasExactly('For when you come', 'And this');
});

test('a second tab says that another one has the conversation, and can take over', async ({ people, server }) => {
  const ann = await people.arriveInChromium('Ann');
  const bob = await people.arrive('Bob');
  await meet(ann, bob);
  await ann.send('From the first tab');
  const second = new Person(ann.name, new ChromiumScreen(await ann.screen.page.context().newPage()));
  await second.screen.goto(server.url);
  await second.reads(/open in another tab/);
  await second.screen.click('button', 'Use here');
  await second.isIn();
  await ann.reads(/moved to another tab/);
  await second.open(bob.name);
  await second.hasExactly('From the first tab');
  await second.seesLine('Direct');
  await second.send('From the second tab');
  await second.seesState('From the second tab', 'Delivered');
  await bob.hasExactly('From the first tab', 'From the second tab');
});
