import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { aService } from '../../a-service.test-data.ts';
import { aPage, closeBrowser, noBrowser } from '../a-browser.test-data.ts';

after(closeBrowser);

test('what is tried begins with what is set, and goes back to it', { skip: noBrowser }, async (t) => {
  for (const [alertAt, said] of [
    ['1.4', '1.40'],
    ['1.23', '1.23'],
    ['3.5', '3.50'],
  ] as const) {
    const { url } = await aService(t, { alertAt });
    const page = await aPage(t);
    await page.goto(url);
    const output = page.locator('output[for=try-score]');
    await output.waitFor();
    assert.equal(await output.innerText(), said);
    await page.locator('#try-score').press('ArrowLeft');
    assert.notEqual(await output.innerText(), said);
    await page.getByRole('button', { name: 'As it is' }).click();
    assert.equal(await output.innerText(), said);
  }
});

test(
  'who is no longer logged in when something is tried is led to the login',
  { skip: noBrowser },
  async (t) => {
    const { url } = await aService(t);
    const page = await aPage(t, {}, [/status of 401/]);
    await page.goto(url);
    await page.locator('#try-show').waitFor();
    await page.route('**/api/try', (route) =>
      route.fulfill({ status: 401, json: { title: 'Unauthorized' } }),
    );
    const loaded = page.waitForEvent('load', { timeout: 10_000 });
    await page.locator('#try-show').click();
    await loaded;
  },
);
