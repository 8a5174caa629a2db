import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { gunzipSync } from 'node:zlib';
import { aFolder, aService, TABLE_JSON } from '../a-service.test-data.ts';
import type { RunningService } from '../a-service.test-data.ts';
import { aPage, closeBrowser, noBrowser } from './a-browser.test-data.ts';
import { aSampleHouse } from './a-home.test-data.ts';

/** A process beside that fits or tries, on a busy machine. */
const timeout = 180_000;
const HOUSE = new URL('../../../data/sample-house/readings.csv.gz', import.meta.url).pathname;
const FORMATS = new URL('../../../../shared/data/formats/', import.meta.url).pathname;

after(closeBrowser);

/** Resolves with the words of a status line once they are these. */
async function said(page: Page, id: string, words: RegExp): Promise<string> {
  const line = page.locator(`#${id}`).filter({ hasText: words });
  await line.waitFor({ timeout });
  return line.innerText();
}

/** A slider moved as by hand. */
const slide = (page: Page, id: string, value: number): Promise<unknown> =>
  page.evaluate(`(() => {
    const input = document.getElementById('${id}');
    input.value = '${value}';
    input.dispatchEvent(new Event('input'));
  })()`);

/** A service with a folder of models, in which there is a table for the meter `home`. */
function aHome(t: TestContext): Promise<RunningService> {
  const folder = join(aFolder(t), 'models');
  mkdirSync(folder);
  writeFileSync(join(folder, 'home.json'), JSON.stringify({ ...TABLE_JSON, meter: 'home' }));
  return aService(t, { model: folder });
}

test('other settings are tried on the sample house', { skip: noBrowser }, async (t) => {
  const { url } = await aSampleHouse(t);
  const page = await aPage(t);
  await page.goto(url);
  await page.locator('#try-show').click();
  const first = await said(page, 'try-status', /\d+ episodes in 1\d days/);
  const counted = (text: string): [number, number] => {
    const [, count = '', present = ''] = /^(\d+) episodes?.*: (\d+)\.$/.exec(text) ?? [];
    return [Number(count), Number(present)];
  };
  const [count, present] = counted(first);
  assert.equal(count, present);
  assert.ok(count > 0);
  assert.equal(await page.locator('#try-episodes li').count(), count);

  await slide(page, 'try-score', 2.5);
  await page.locator('#try-episodes em').getByText('not so').first().waitFor({ state: 'attached', timeout });
  const [high, still] = counted(await page.locator('#try-status').innerText());
  assert.ok(high < count);
  assert.equal(still, present);
  await page.getByRole('button', { name: 'How to keep it' }).click();
  assert.equal(await page.locator('#try-keep code').innerText(), 'LEFTON_ALERT_AT=2.5');

  // another budget is another fit, on what is kept here
  await slide(page, 'try-budget', 5);
  await page
    .locator('#try-keep code')
    .filter({ hasText: '--false-alarms-per-month 8' })
    .waitFor({ state: 'attached', timeout });
  await page.getByRole('button', { name: 'As it is' }).click();
  assert.equal(await page.locator('#try-episodes').count(), 0);
});

test('an export is dropped, asked about, fitted and watched', { skip: noBrowser }, async (t) => {
  const service = await aHome(t);
  const page = await aPage(t, { timezoneId: 'Europe/Amsterdam' });
  await page.goto(service.url);
  const lines = gunzipSync(readFileSync(HOUSE)).toString().split('\n');
  lines.splice(5000, 0, '2026-01-01T12:00:00+01:00,a lot');
  const name = 'my export.csv';
  await page
    .locator('#history-file')
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) });
  await said(page, 'history-status', /is read: look at it/);
  const report = page.locator('#history-report');
  assert.match(await report.innerText(), /Format\s+canonical/);
  assert.match(await page.locator('#history-rejected').innerText(), /line 5001: .*a lot/);

  // a reload, and somebody goes on where it was
  await page.reload();
  await said(page, 'history-status', /is read: look at it/);
  await page.locator('#history-meter').fill('cabin');
  await page.locator('#history-zone').fill('Europe/Amsterdam');
  await page.getByRole('button', { name: 'Take it in and fit a model' }).click();
  await said(page, 'history-status', /cabin has its history and its model, and is watched/);
  assert.match(await report.innerText(), /learned from 1\d\d days/);
  assert.equal(service.models.of('cabin')?.compiled.zone.name, 'Europe/Amsterdam');
  await page.locator('#meters select').selectOption('cabin', { timeout });

  // it was the wrong one: out with it, and once more
  await page.getByRole('button', { name: 'Take my export.csv out of cabin again' }).click();
  await said(
    page,
    'history-status',
    /my export.csv is out again: [\d,]+ readings are gone\. The model .* is gone\./,
  );
  await page.locator('#meters select').waitFor({ state: 'hidden', timeout });
  assert.equal(await page.locator('#history-undo button').count(), 0);
  await page.locator('#history-file').setInputFiles(HOUSE);
  await said(page, 'history-status', /is read: look at it/);
  await page.locator('#history-meter').fill('cabin');
  await page.getByRole('button', { name: 'Take it in and fit a model' }).click();
  await said(page, 'history-status', /cabin has its history and its model, and is watched/);

  // the same once more: the model in use stays unless somebody says so
  await page.locator('#history-file').setInputFiles(HOUSE);
  await said(page, 'history-status', /is read: look at it/);
  await page.locator('#history-meter').fill('cabin');
  await page.getByRole('button', { name: 'Take it in and fit a model' }).click();
  await said(page, 'history-status', /another is in use/);
  await page.getByRole('button', { name: 'Keep the one in use' }).click();
  await said(page, 'history-status', /the model in use stays/);
});

/** A year of minutes: the sample house over and over. */
function aYearCsv(): Buffer {
  const watts = gunzipSync(readFileSync(HOUSE))
    .toString()
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[1] ?? '');
  const first = Math.floor(Date.now() / 60_000 - 525_600) * 60_000;
  const rows = Array.from({ length: 525_600 }, (_, i) => {
    return `${new Date(first + i * 60_000).toISOString()},${watts[i % watts.length] ?? ''}\n`;
  });
  return Buffer.from(`at,watts\n${rows.join('')}`);
}

test(
  'how far a fit is shows as a bar that moves, without asking again and again',
  { skip: noBrowser },
  async (t) => {
    const { url } = await aHome(t);
    const page = await aPage(t, { timezoneId: 'Europe/Amsterdam' });
    await page.goto(url);
    let asked = 0;
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/api/history' && request.method() === 'GET') asked++;
    });
    await page.locator('#history-in progress').waitFor({ state: 'attached', timeout });
    await page.evaluate(`(() => {
    window.seen = [];
    const note = () => {
      const bar = document.querySelector('#history-in progress');
      const status = document.getElementById('history-status').textContent;
      if (bar.hasAttribute('value')) window.seen.push([status, bar.value]);
    };
    new MutationObserver(note).observe(document.getElementById('history-in'), { subtree: true, attributes: true });
  })()`);
    await page
      .locator('#history-file')
      .setInputFiles({ name: 'year.csv', mimeType: 'text/csv', buffer: aYearCsv() });
    await said(page, 'history-status', /is read: look at it/);
    await page.locator('#history-meter').fill('cabin');
    await page.getByRole('button', { name: 'Take it in and fit a model' }).click();
    await said(page, 'history-status', /cabin has its history and its model/);
    const seen = await page.evaluate<[string, number][]>('window.seen');
    for (const [what, least] of [
      [/readings are stored$/, 3],
      [/stored past is read$|a model is fitted$|is measured on its last weeks$/, 3],
    ] as const) {
      const shares = seen.filter(([status]) => what.test(status)).map(([, share]) => share);
      const rising = shares.toSorted((a, b) => a - b);
      assert.deepEqual(shares, rising, String(what));
      assert.ok(new Set(shares).size >= least, `${String(what)}: ${shares.join(' ')}`);
      assert.ok(shares.every((share) => share >= 0 && share <= 1));
    }
    const fitting = seen.filter(([status]) => /a model is fitted$|is measured/.test(status));
    assert.ok(
      fitting.some(([, share]) => share > 0 && share < 1),
      'the fit itself moves',
    );
    assert.ok(asked < seen.length / 5, `${asked} times asked, ${seen.length} times shown`);
    assert.equal(await page.locator('#history-in progress').isVisible(), false);
  },
);

test('a service without any model gets its first one on the page', { skip: noBrowser }, async (t) => {
  const folder = join(aFolder(t), 'models');
  mkdirSync(folder);
  const service = await aService(t, { model: folder });
  const page = await aPage(t, { timezoneId: 'Europe/Amsterdam' });
  await page.goto(service.url);
  await page.getByText(`--out ${join(folder, 'home.json')}`).waitFor();
  await page.locator('#history-file').setInputFiles(HOUSE);
  await said(page, 'history-status', /leaves something open/);
  assert.equal(await page.locator('#history-zone').inputValue(), 'Europe/Amsterdam');
  await page.getByRole('button', { name: 'Read it so' }).click();
  await said(page, 'history-status', /is read: look at it/);
  await page.getByRole('button', { name: 'Take it in and fit a model' }).click();
  await page.locator('#now').waitFor({ timeout });
  assert.equal(service.models.of('home')?.compiled.kind, 'left-on');
});

test('the page asks for the zone of a real export', { skip: noBrowser }, async (t) => {
  const file = join(FORMATS, 'uci_semicolon_raw_1min.txt.gz');
  if (!existsSync(file)) {
    t.skip(`there is no ${file}`);
    return;
  }
  const { url } = await aHome(t);
  const page = await aPage(t, { timezoneId: 'Europe/Paris' });
  await page.goto(url);
  // the meter that has a model has its zone; of another one nothing is known
  await page.locator('#history-file').setInputFiles(file);
  await said(page, 'history-status', /is read: look at it/);
  await page.locator('#history-zone').fill('Europe/Nowhere');
  await page.getByRole('button', { name: 'Read it so' }).click();
  await said(page, 'history-status', /leaves something open.*Nowhere/);
  await page.locator('#history-zone').fill('Europe/Paris');
  await page.getByRole('button', { name: 'Read it so' }).click();
  await said(page, 'history-status', /is read: look at it/);
  assert.match(await page.locator('#history-report').innerText(), /Zone of the home\s+Europe\/Paris/);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await said(page, 'history-status', /cancelled/);
});

test('several files that are dropped at once are read as one history', { skip: noBrowser }, async (t) => {
  const { url } = await aHome(t);
  const page = await aPage(t);
  await page.goto(url);
  const dropped = await page.evaluateHandle<unknown>(`(() => {
    const files = new DataTransfer();
    const day = (n) => 'at,watts\\n' + [0, 1, 2].map((hour) => '2026-01-' + n + 'T0' + hour + ':00:00Z,' + n + '\\n').join('');
    files.items.add(new File([day(12) + 'never,1\\n'], 'b.csv'));
    files.items.add(new File([day(11)], 'a.csv'));
    return files;
  })()`);
  await page.locator('#history-drop').dispatchEvent('drop', { dataTransfer: dropped });
  await said(page, 'history-status', /a\.csv \(\+1\): is read: look at it/);
  const report = await page.locator('#history-report').innerText();
  assert.match(report, /6 of 7|6[^\d]+7 rows/);
  assert.match(report, /read as one: a\.csv from line 1, b\.csv from line 5/);
  assert.match(await page.locator('#history-rejected').innerText(), /b\.csv, line 5: .*never/);

  // what is packed cannot be among others, and nothing of it is sent
  await page
    .locator('#history-file')
    .setInputFiles(
      ['a.csv', 'b.csv.gz'].map((name) => ({ name, mimeType: 'text/csv', buffer: Buffer.from('x') })),
    );
  await said(page, 'history-status', /^b\.csv\.gz is packed: drop it alone, or unpack it first\.$/);
});

test('a file that is none is told in one line', { skip: noBrowser }, async (t) => {
  const { url } = await aHome(t);
  const page = await aPage(t);
  await page.goto(url);
  const dropped = await page.evaluateHandle<unknown>(`(() => {
    const files = new DataTransfer();
    files.items.add(new File(['<!doctype html><title>not found</title>'], 'export.csv'));
    return files;
  })()`);
  await page.locator('#history-drop').dispatchEvent('dragover', { dataTransfer: dropped });
  await page.locator('#history-drop').dispatchEvent('drop', { dataTransfer: dropped });
  await said(page, 'history-status', /export.csv: was not taken in. .*expected/);
});

test(
  'a file that leaves something open asks in the language of the reader, and offers what it found',
  { skip: noBrowser },
  async (t) => {
    const { url } = await aService(t);
    const page = await aPage(t, { locale: 'de-DE' });
    await page.goto(url);
    const file = (name: string, text: string): { name: string; mimeType: string; buffer: Buffer } => ({
      ...{ name, mimeType: 'text/csv', buffer: Buffer.from(text) },
    });
    const input = page.locator('#history-file');
    await input.setInputFiles(file('nothing.csv', ''));
    await said(page, 'history-status', /^nothing\.csv ist leer: bitte noch einmal exportieren\.$/);
    const rows = Array.from({ length: 50 }, (_, i) => new Date(Date.UTC(2026, 0, 5, 0, 5 * i)).toISOString());
    const states = rows.flatMap((at) => [`sensor.house_power,300,${at}`, `sensor.boiler_power,150,${at}`]);
    await input.setInputFiles(file('history.csv', `entity_id,state,last_changed\n${states.join('\n')}\n`));
    await said(
      page,
      'history-status',
      /Was davon soll gelesen werden\? sensor\.house_power, sensor\.boiler_power$/,
    );
    const names = await page.evaluate<string[]>(
      `[...document.querySelectorAll('#history-entity-list option')].map((each) => each.value)`,
    );
    assert.deepEqual(names, ['sensor.house_power', 'sensor.boiler_power']);
    assert.equal(await page.locator('#history-entity').getAttribute('list'), 'history-entity-list');
    // one that is not there is no name to choose
    await page.locator('#history-entity').fill('sensor.barn_power');
    await page.getByRole('button', { name: 'So lesen' }).click();
    await said(page, 'history-status', /gelesen werden\? sensor\.house_power, sensor\.boiler_power$/);
    await page.locator('#history-entity[value="sensor.barn_power"]').waitFor({ timeout });
    await page.locator('#history-entity').fill('sensor.house_power');
    await page.getByRole('button', { name: 'So lesen' }).click();
    await page.locator('#history-report').waitFor({ timeout });
  },
);
