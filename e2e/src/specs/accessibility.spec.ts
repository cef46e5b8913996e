import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { LOOKS, SIZES } from '../people/looks.ts';
import { test } from '../people/people.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** No rule of axe's is broken, in words that say where. The page's policy takes no foreign script, so it comes in by the debugger. */
const isAccessible = async (page: Page, where: string): Promise<void> => {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  const found = violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
  expect(found, where).toEqual([]);
};

for (const { size, theme } of LOOKS) {
  test(`axe finds nothing on any screen: ${size}, ${theme}`, async ({ people, server }) => {
    const look = { size: SIZES[size], theme };
    const ann = await people.arriveInChromium('Ann', { ...look, away: true });
    const { page } = ann.screen;
    await ann.screen.goto(server.url);
    await expect(page.getByRole('textbox', { name: 'Your name' })).toBeVisible();
    await isAccessible(page, 'first visit');
    await ann.start(server.url);
    await isAccessible(page, 'empty home');

    const bob = await people.arrive('Bob');
    await bob.connect(ann.name);
    await ann.isAsked(bob.name);
    await isAccessible(page, 'request');
    await ann.accept(bob.name);
    await ann.seesLine('Direct');
    await isAccessible(page, 'empty conversation');
    await bob.send('Look at https://example.org');
    await ann.send('I do');
    await ann.seesState('I do', 'Delivered');
    await isAccessible(page, 'conversation');
    await page.goto(server.url);
    await ann.isIn();
    await isAccessible(page, 'home');

    const second = await page.context().newPage();
    await second.goto(server.url);
    await expect(second.getByRole('button', { name: 'Use here' })).toBeVisible();
    await isAccessible(second, 'second tab');
  });
}

test('the keyboard alone reaches, accepts, writes and comes back', async ({ people }) => {
  const ann = await people.arriveInChromium('Ann', { size: SIZES.desktop });
  const bob = await people.arriveInChromium('Bob', { size: SIZES.desktop });
  const [annPage, bobPage] = [ann.screen.page, bob.screen.page];
  const tabTo = async (page: Page, name: string): Promise<void> => {
    for (let presses = 0; presses < 40; presses++) {
      const at = await page.evaluate(() => {
        const focus = document.activeElement;
        const labels = focus instanceof HTMLInputElement ? [...(focus.labels ?? [])] : [];
        return [focus?.getAttribute('aria-label'), focus?.textContent, ...labels.map((label) => label.textContent)];
      });
      if (at.some((text) => text?.trim() === name)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`The keyboard never got to ${name}`);
  };

  await tabTo(annPage, 'Name or invite link');
  await annPage.keyboard.type(bob.name);
  await annPage.keyboard.press('Enter');
  await bob.isAsked(ann.name);
  await tabTo(bobPage, 'Accept');
  await bobPage.keyboard.press('Enter');
  await bob.seesLine('Direct');
  await expect(annPage.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await annPage.keyboard.type('Without a mouse');
  await annPage.keyboard.press('Enter');
  await bob.seesMessage('Without a mouse');
  await expect(bobPage.getByRole('textbox', { name: 'Message' })).toBeFocused();
});
