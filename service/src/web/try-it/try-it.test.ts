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
