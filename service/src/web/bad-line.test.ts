import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { after, describe, it } from 'node:test';
import { aFolder, aModelFile, aService, TABLE_JSON, until } from '../a-service.test-data.ts';
import type { RunningService } from '../a-service.test-data.ts';
import { aPage, closeBrowser, noBrowser } from './a-browser.test-data.ts';

const DAY = 86_400_000;
const SLOW_MS = 1_500;

after(closeBrowser);

/** Three days of a home; the barn was never heard, and has twice its usual power. */
async function aHomeWithABarn(...[t]: Parameters<typeof aService>): Promise<RunningService> {
  const folder = aFolder(t);
  aModelFile(folder, { ...TABLE_JSON, meter: 'home' }, 'home.json');
  const twice = { low: TABLE_JSON.low.map((low) => 2 * low), high: TABLE_JSON.high.map((high) => 2 * high) };
  aModelFile(folder, { ...TABLE_JSON, ...twice, meter: 'barn' }, 'barn.json');
  const service = await aService(t, { model: folder });
  const now = Date.now();
  const readings = Array.from({ length: 72 }, (_, i) => ({
    at: new Date(now - 3 * DAY + (i + 1) * 3_600_000 - 1_000).toISOString(),
    watts: 300 + i,
  }));
  const headers = { 'content-type': 'application/json' };
  await fetch(`${service.url}/api/readings`, { method: 'POST', headers, body: JSON.stringify(readings) });
  await until('all is scored', () => service.metrics.readings.get({ verdict: 'ok' }) === 72);
  return service;
}

describe('a page on a bad line', { skip: noBrowser }, () => {
  it('says in plain words that the service does not answer, and goes on by itself also in the past', async (t) => {
    const { url } = await aHomeWithABarn(t);
    const page = await aPage(t, {}, [/Failed to load resource/]);
    await page.goto(url);
    const summary = page.locator('#today-summary');
    await summary.filter({ hasText: /between 0\.3 kW and 0\.4 kW/ }).waitFor();
    await page.route('**/api/readings?*', (route) => route.abort());
    for (let i = 0; i < 3; i++) await page.getByRole('button', { name: 'Earlier' }).click();
    const trouble = page.locator('#today .error');
    await trouble.getByText('The service does not answer; trying again').waitFor();
    assert.equal(await summary.innerText(), 'Loading …');
    await page.unroute('**/api/readings?*');
    await summary.filter({ hasText: /between 0\.3 kW and 0\.3 kW/ }).waitFor();
    assert.equal(await trouble.innerText(), '');
  });

  it('says to try again where a person asked for something, as it does not do that by itself', async (t) => {
    const { url } = await aHomeWithABarn(t);
    const page = await aPage(t, {}, [/Failed to load resource/]);
    await page.goto(url);
    await page.locator('#connection').getByText('live').waitFor();
    await page.route(/api\/(settings|history$)/, (route) => route.abort());
    await page.locator('#settings summary').click();
    await page.locator('#settings td').getByText('does not answer; try again in a moment').waitFor();
    const file = { name: 'home.csv', mimeType: 'text/csv', buffer: Buffer.from('at,watts') };
    await page.locator('#history-in input[type=file]').setInputFiles(file);
    await page.locator('#history-in').getByText('does not answer; try again in a moment').waitFor();
  });

  it('never shows the power or the usual week of one meter under the name of another', async (t) => {
    const { url } = await aHomeWithABarn(t);
    const page = await aPage(t);
    await page.goto(url);
    const summary = page.locator('#today-summary');
    await summary.filter({ hasText: /between 0\.3 kW and 0\.4 kW/ }).waitFor();
    const cell = page.locator('#week-map td[title]').last();
    const usual = async (): Promise<string> => (await cell.getAttribute('title')) ?? '';
    const ofHome = await usual();
    await page.route(/api\/(readings|expected)\?/, async (route) => {
      if (route.request().url().includes('meter=barn')) await setTimeout(SLOW_MS);
      await route.continue().catch(() => undefined);
    });
    const choice = page.getByLabel('Meter');
    await choice.selectOption('barn');
    await page.locator('#now').getByText('no reading yet').waitFor();
    assert.equal(await summary.innerText(), 'Loading …');
    await until('the barn has its own', async () => (await usual()) !== ofHome);
    await summary.getByText('There are no readings here.').waitFor();
    await choice.selectOption('home');
    await until('the home is back', async () => (await usual()) === ofHome);
    // the answers about the barn come last
    let open = 0;
    const ofBarn = (by: number) => (request: { url(): string }) => {
      if (request.url().includes('meter=barn')) open += by;
    };
    page.on('request', ofBarn(1)).on('requestfinished', ofBarn(-1)).on('requestfailed', ofBarn(-1));
    await choice.selectOption('barn');
    await page.locator('#now').getByText('no reading yet').waitFor();
    await until('the barn is asked about', () => open > 0);
    await choice.selectOption('home');
    await until('the answers about the barn are there', () => open === 0);
    await page.evaluate('new Promise(requestAnimationFrame)');
    assert.equal(await usual(), ofHome);
  });

  it('is had anew where the program was updated under it, and else goes on as it is', async (t) => {
    const folder = aFolder(t);
    const flags = { db: `${folder}/home.db`, model: aModelFile(folder) };
    const first = await aService(t, flags);
    const page = await aPage(t, {}, [/Failed to load resource/]);
    await page.goto(first.url);
    await page.locator('#now').getByText('no reading yet').waitFor();
    await page.evaluate('window.stillTheSame = true');
    first.stop();
    await first.done;
    await page.getByText('The service does not answer').waitFor();
    let updated = false;
    await page.route('**/web/version', (route) => {
      updated = true;
      return route.fulfill({ body: 'another' });
    });
    await aService(t, { ...flags, port: Number(new URL(first.url).port) });
    await until('the page is another one', async () =>
      page.evaluate<boolean>('window.stillTheSame !== true').catch(() => false),
    );
    assert.ok(updated);
    await page.locator('#connection').getByText('live').waitFor();
  });

  it('stays as it is where each who answers is of another version, as behind a proxy amid an update', async (t) => {
    const { url } = await aHomeWithABarn(t);
    const page = await aPage(t);
    let asked = 0;
    await page.route('**/web/version', (route) => route.fulfill({ body: String(++asked) }));
    await page.goto(url);
    await page.locator('#connection').getByText('live').waitFor();
    await setTimeout(SLOW_MS);
    assert.equal(asked, 1);
  });
});
