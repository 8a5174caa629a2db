import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { aService } from '../a-service.test-data.ts';
import { aPage, closeBrowser, noBrowser } from './a-browser.test-data.ts';
import { aSampleHouse } from './a-home.test-data.ts';
import { de } from './texts-de.ts';
import { en } from './texts-en.ts';

/** A process beside that tries, on a busy machine. */
const timeout = 180_000;
/** Names, and what both languages have. */
const SHARED = [
  'lefton',
  'csv',
  'zone',
  'europe',
  'berlin',
  'models',
  'home',
  'json',
  'serve',
  'fit',
  'out',
  'refit',
];

after(closeBrowser);

/** The words of a catalogue: of its texts, and of what its functions say around their values. */
function wordsOf(texts: unknown): Set<string> {
  if (typeof texts === 'string') return new Set(texts.toLowerCase().match(/\p{L}{3,}/gu) ?? []);
  if (typeof texts === 'function')
    return wordsOf((texts as (...values: string[]) => unknown)('', '', '', ''));
  const values = typeof texts === 'object' && texts !== null ? Object.values(texts) : [];
  return new Set(values.flatMap((value) => [...wordsOf(value)]));
}

const german = wordsOf(de);
const english = [...wordsOf(en)].filter((word) => !german.has(word) && !SHARED.includes(word));

/** What can be read or heard on a page, without what is code. */
const textsOn = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`(() => {
    const said = [];
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode())
      if (node.parentElement.closest('code, script, style, noscript, option, datalist') === null) said.push(node.data);
    for (const each of document.querySelectorAll('[aria-label], [title], [aria-valuetext]'))
      for (const name of ['aria-label', 'title', 'aria-valuetext']) said.push(each.getAttribute(name) ?? '');
    return said.filter((text) => text.trim() !== '');
  })()`);

async function assertGerman(page: Page): Promise<void> {
  const found = (await textsOn(page)).flatMap((text) => {
    const words = (text.toLowerCase().match(/\p{L}{3,}/gu) ?? []).filter((word) => english.includes(word));
    return words.length === 0 ? [] : [`${words.join(' ')}: ${text}`];
  });
  assert.deepEqual(found, []);
}

test('who reads German reads no English on the page', { skip: noBrowser }, async (t) => {
  assert.ok(english.length > 150, `${english.length} words`);
  const { url } = await aSampleHouse(t, { pricePerKwh: 0.3 });
  const page = await aPage(t, { locale: 'de-DE' });
  await page.goto(url);
  await page.getByText(/^Leistung von .* kW\.$/).waitFor({ timeout });
  await page.locator('.episode h3').first().waitFor({ timeout });
  await page.locator('#week-map table').waitFor({ timeout });
  for (const summary of await page.locator('summary').all()) await summary.click();
  await page.getByRole('row', { name: /^retention_days/ }).waitFor({ timeout });
  await page.locator('.episode').getByRole('button', { name: 'War in Ordnung' }).last().click();
  await page.getByText('Ihre Antwort: war in Ordnung.').waitFor({ timeout });
  await page.locator('#try-show').click();
  await page
    .locator('#try-status')
    .filter({ hasText: /Episoden in \d+ Tagen/ })
    .waitFor({ timeout });
  await page.locator('#today .u-over').hover();
  assert.match(await page.locator('#episodes').innerText(), /In \d+ Tagen .*gegen \d\d Uhr/);
  await assertGerman(page);
});

test(
  'and none on a page without any reading, nor where the token is given',
  { skip: noBrowser },
  async (t) => {
    const { url } = await aService(t, { token: 'a-token-of-some-length' });
    const page = await aPage(t, { locale: 'de-DE' }, [/status of 401/]);
    await page.goto(url);
    await page.getByLabel('Zugangswort').fill('another');
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.getByRole('alert').getByText('Das ist nicht das Zugangswort').waitFor({ timeout });
    await assertGerman(page);
    await page.getByLabel('Zugangswort').fill('a-token-of-some-length');
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.locator('#now').getByText('noch kein Messwert').waitFor({ timeout });
    await assertGerman(page);
  },
);
