import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { aService, minutesCsv, until } from '../../a-service.test-data.ts';
import { aPage, closeBrowser, noBrowser } from '../a-browser.test-data.ts';

after(closeBrowser);

test(
  'an episode has what was told of it, however much was told of other meters since',
  { skip: noBrowser },
  async (t) => {
    const { url, folder } = await aService(t);
    const body = minutesCsv(480, (minute) => minute >= 120 && minute < 200);
    await fetch(`${url}/api/readings`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body });
    await until('all is told', async () => {
      const text = await (await fetch(`${url}/api/alerts`)).text();
      return text.includes('"event":"closed"') && !text.includes('"state":"pending"');
    });
    const db = new DatabaseSync(join(folder, 'lefton.db'), { timeout: 5_000 });
    db.exec(`
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
      INSERT INTO outbox (episode, event, channel, meter, at, record, zone, state, created_at, due_at, settled_at)
        SELECT 'barn ' || i, event, channel, 'barn', at, record, zone, state, created_at, due_at, settled_at
        FROM n, (SELECT * FROM outbox ORDER BY id LIMIT 1);
    `);
    db.close();
    const page = await aPage(t);
    await page.goto(url);
    await page.getByText('What was told').click();
    await page
      .locator('.sent')
      .getByText(/^console: alert, arrived /)
      .waitFor({ timeout: 10_000 });
  },
);

test('an episode says that it is mute as long as it is', { skip: noBrowser }, async (t) => {
  const { url, metrics } = await aService(t);
  const post = async (path: string, type: string, body: string): Promise<unknown> =>
    fetch(`${url}/api/${path}`, { method: 'POST', headers: { 'content-type': type }, body });
  await post(
    'readings',
    'text/csv',
    minutesCsv(240, (minute) => minute >= 120),
  );
  await until('it is told', () => metrics.events.get({ type: 'opened' }) === 1);
  const page = await aPage(t);
  await page.goto(url);
  // what it has taken since is not known here
  await page
    .locator('.episode')
    .getByText(/kWh more than usual when last told/)
    .waitFor();
  const mute = page.getByRole('button', { name: 'Mute 2 h' });
  const said = page.locator('.episode').getByText(/No alerts until/);
  await mute.click();
  await said.waitFor();
  await page.getByRole('button', { name: 'Tell me again' }).click();
  await said.waitFor({ state: 'detached' });
  await mute.click();
  await said.waitFor();
  // from elsewhere, and over in a moment
  await post(
    'mute',
    'application/json',
    JSON.stringify({ until: new Date(Date.now() + 1_000).toISOString() }),
  );
  await said.waitFor({ state: 'detached' });
});

test('the picture of what is over ends where that ended', { skip: noBrowser }, async (t) => {
  const { url, metrics } = await aService(t);
  const post = (minutes: number): Promise<unknown> =>
    fetch(`${url}/api/readings`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: minutesCsv(minutes, (minute) => minute >= 120 && minute < 200),
    });
  const told = (type: string): Promise<void> =>
    until(`it is ${type}`, () => metrics.events.get({ type }) === 1);
  // it is off already, and over only once it has stayed so
  await post(205);
  await told('opened');
  const page = await aPage(t);
  await page.goto(url);
  const picture = page.locator('.thumb');
  await picture.scrollIntoViewIfNeeded();
  const says = (end: string): Promise<void> =>
    until(end, async () => (await picture.getAttribute('aria-label'))?.endsWith(end) === true, 20);
  await says('01:00 to 04:24');
  await post(300);
  await told('closed');
  await says('01:00 to 04:19');
});

test(
  'episodes that could not be had are marked on the picture of power later',
  { skip: noBrowser },
  async (t) => {
    const { url } = await aService(t);
    const page = await aPage(t, {}, [/ERR_FAILED/]);
    let refused = 0;
    // the first time they are asked for with the readings, and with a state
    await page.route('**/api/episodes?*from=*', (route) =>
      refused++ < 2 ? route.abort() : route.continue(),
    );
    const marked = page.waitForResponse(/api\/episodes\?.*from=/, { timeout: 20_000 });
    await page.goto(url);
    await marked;
  },
);
