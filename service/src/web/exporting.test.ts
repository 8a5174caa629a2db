import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { aFolder, aModelFile, aService, TABLE_JSON } from '../a-service.test-data.ts';
import { aPage, closeBrowser, noBrowser } from './a-browser.test-data.ts';

after(closeBrowser);

test(
  'power that goes out has its place on both maps, also where nothing comes in',
  { skip: noBrowser },
  async (t) => {
    const low = TABLE_JSON.low.map((_, hour) => (hour < 12 ? -900 : -4_000));
    const high = TABLE_JSON.low.map((_, hour) => (hour < 12 ? -100 : -1_500));
    const { url } = await aService(t, { model: aModelFile(aFolder(t), { ...TABLE_JSON, low, high }) });
    const page = await aPage(t);
    await page.goto(url);
    await page.locator('#week-map table').waitFor();
    const level = (hour: number): Promise<string | null> =>
      page.locator('#week-map tbody tr').first().locator('td').nth(hour).getAttribute('class');
    assert.notEqual(await level(3), await level(15));
    const legend = await page.locator('#week-map .legend li').allInnerTexts();
    assert.equal(legend.at(-1)?.trim(), '0 W');
    assert.match(legend[0] ?? '', /^\s*-\d\.\d kW/);
    const powers = await page.locator('#score-map svg text[text-anchor="end"]').allTextContents();
    assert.ok(powers.filter((power) => power.startsWith('-')).length >= 2, powers.join(', '));
    // the edge has room above it
    const [top, edge] = await page.evaluate<[number, number]>(`(() => {
    const top = Math.min(...[...document.querySelectorAll('#score-map rect')].map((rect) => rect.getBBox().y));
    return [top, document.querySelector('#score-map .edge').getBBox().y];
  })()`);
    assert.ok(edge - top > 20, `${edge - top} px above the edge`);
  },
);
