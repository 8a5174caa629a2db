import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { aService } from '../../a-service.test-data.ts';
import { aPage, closeBrowser, noBrowser } from '../a-browser.test-data.ts';
import { aSampleHouse } from '../a-home.test-data.ts';
import { de } from './texts-de.ts';
import { en } from './texts-en.ts';
import { fr } from './texts-fr.ts';

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

interface Reader {
  readonly named: string;
  readonly locale: string;
  readonly texts: typeof en;
  /** A reason of an episode. */
  readonly reason: RegExp;
  readonly tried: RegExp;
  readonly token: string;
  readonly logIn: string;
  readonly wrong: string;
  readonly unknown: string;
}

const READERS: readonly Reader[] = [
  {
    ...{ named: 'German', locale: 'de-DE', texts: de, token: 'Zugangswort', logIn: 'Anmelden' },
    ...{ reason: /In \d+ Tagen .*gegen \d\d Uhr/, tried: /Vorfälle in \d+ Tagen/ },
    ...{ wrong: 'Das ist nicht das Zugangswort', unknown: 'noch kein Messwert' },
  },
  {
    ...{ named: 'French', locale: 'fr-FR', texts: fr, token: 'Jeton', logIn: 'Se connecter' },
    ...{ reason: /En \d+ jours.* vers \d\d h/, tried: /incidents en \d+ jours/ },
    ...{ wrong: 'Ce n’est pas le jeton', unknown: 'aucune mesure encore' },
  },
];

/** Words that only English has. */
function englishFor({ texts }: Reader): string[] {
  const own = wordsOf(texts);
  return [...wordsOf(en)].filter((word) => !own.has(word) && !SHARED.includes(word));
}

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

async function assertNoEnglish(page: Page, reader: Reader): Promise<void> {
  const english = englishFor(reader);
  assert.ok(english.length > 150, `${english.length} words`);
  const found = (await textsOn(page)).flatMap((text) => {
    const words = (text.toLowerCase().match(/\p{L}{3,}/gu) ?? []).filter((word) => english.includes(word));
    return words.length === 0 ? [] : [`${words.join(' ')}: ${text}`];
  });
  assert.deepEqual(found, []);
}

for (const reader of READERS) {
  const { named, locale, texts, reason, tried, token, logIn, wrong, unknown } = reader;

  test(`who reads ${named} reads no English on the page`, { skip: noBrowser }, async (t) => {
    const { url } = await aSampleHouse(t, { pricePerKwh: 0.3 });
    const page = await aPage(t, { locale });
    await page.goto(url);
    const shown = texts.today.summary('', '', '', '').split(' ')[0] ?? '';
    await page.getByText(new RegExp(`^${shown} .* kW\\.$`)).waitFor({ timeout });
    await page.locator('.episode h3').first().waitFor({ timeout });
    await page.locator('#week-map table').waitFor({ timeout });
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.getByRole('row', { name: /^retention_days/ }).waitFor({ timeout });
    await page.locator('.episode').getByRole('button', { name: texts.episodes.fine }).last().click();
    await page.getByText(texts.episodes.saidFine).waitFor({ timeout });
    await page.locator('#try-show').click();
    await page.locator('#try-status').filter({ hasText: tried }).waitFor({ timeout });
    await page.locator('#today .u-over').hover();
    assert.match(await page.locator('#episodes').innerText(), reason);
    assert.equal(await page.locator('#score-map .edge-name').textContent(), '1,0');
    await assertNoEnglish(page, reader);
  });

  test(
    `the page in ${named} has no word of English without any reading, nor where the token is given`,
    { skip: noBrowser },
    async (t) => {
      const { url } = await aService(t, { token: 'a-token-of-some-length' });
      const page = await aPage(t, { locale }, [/status of 401/]);
      await page.goto(url);
      await page.getByLabel(token).fill('another');
      await page.getByRole('button', { name: logIn }).click();
      await page.getByRole('alert').getByText(wrong).waitFor({ timeout });
      await assertNoEnglish(page, reader);
      await page.getByLabel(token).fill('a-token-of-some-length');
      await page.getByRole('button', { name: logIn }).click();
      await page.locator('#now').getByText(unknown).waitFor({ timeout });
      await assertNoEnglish(page, reader);
    },
  );
}
