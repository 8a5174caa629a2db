import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { aFolder, aModelFile, aService, TABLE_JSON, until } from '../a-service.test-data.ts';
import { aPage, closeBrowser, noBrowser } from './a-browser.test-data.ts';

const PHONE = { width: 360, height: 760 };

after(closeBrowser);

describe('on a narrow screen', { skip: noBrowser }, () => {
  it('meters of long names are chosen without the page getting wider than it', async (t) => {
    const folder = aFolder(t);
    for (const i of [1, 2]) {
      const meter = `a meter of the north wing that has a rather long name ${i}`;
      aModelFile(folder, { ...TABLE_JSON, meter }, `${i}.json`);
    }
    const { url } = await aService(t, { model: folder });
    const page = await aPage(t, { viewport: PHONE });
    await page.goto(url);
    await page.getByLabel('Meter').waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), PHONE.width);
  });

  it('hours of the table of scores stand in one line, also where words beside them are long', async (t) => {
    const { url } = await aService(t);
    const page = await aPage(t, { viewport: { width: 320, height: 700 }, locale: 'fr-FR' });
    await page.goto(url);
    await page.locator('#score-map summary').click();
    const hours = page.locator('#score-map tbody th');
    await hours.nth(23).waitFor();
    for (const width of [320, 1000]) {
      await page.setViewportSize({ width, height: 700 });
      const lines = await page.evaluate<
        number[]
      >(`[...document.querySelectorAll('#score-map tbody th')].map((each) => {
        const text = document.createRange();
        text.selectNodeContents(each);
        return text.getClientRects().length;
      })`);
      assert.deepEqual([...new Set(lines)], [1], `${width} px`);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
    }
  });

  for (const locale of ['en-GB', 'de-DE', 'fr-FR'])
    it(`what is known of the meter has more room than what it is called in ${locale}`, async (t) => {
      const { url } = await aService(t);
      const page = await aPage(t, { viewport: { width: 320, height: 700 }, locale });
      await page.goto(url);
      const [name, value] = ['dt', 'dd'].map((each) => page.locator(`#now ${each}`).first());
      await value?.waitFor();
      const [a, b] = [await name?.boundingBox(), await value?.boundingBox()];
      assert.ok(a && b && b.width > a.width, `${a?.width} and ${b?.width} px`);
      // just wide enough for two panels beside each other
      await page.setViewportSize({ width: 870, height: 700 });
      const beyond = await page.evaluate<number>(`(() => {
        const right = (each) => each.getBoundingClientRect().right;
        const panel = document.querySelector('#now');
        return Math.max(...[...panel.querySelectorAll('dd')].map(right)) - right(panel);
      })()`);
      assert.ok(beyond < 0, `${beyond} px beyond the panel`);
    });

  for (const locale of ['en-GB', 'de-DE', 'fr-FR'])
    it(`dates below the picture of power stand clear of each other in ${locale}`, async (t) => {
      const { url } = await aService(t);
      const page = await aPage(t, { viewport: PHONE, locale });
      await page.addInitScript(`(() => {
        window.written = [];
        const { fillText, clearRect } = CanvasRenderingContext2D.prototype;
        // each drawing begins with an empty canvas
        CanvasRenderingContext2D.prototype.clearRect = function (...place) {
          if (this.canvas.closest('#today') !== null) window.written = [];
          clearRect.apply(this, place);
        };
        CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
          if (this.canvas.closest('#today') !== null)
            window.written.push({ text, x, y, width: this.measureText(text).width });
          fillText.call(this, text, x, y);
        };
      })()`);
      await page.goto(url);
      const buttons = page.locator('#today .group').first().getByRole('button');
      for (const button of [0, 1, 2, 3]) {
        await page.locator('#today canvas').waitFor();
        await page.evaluate('window.written = []');
        await buttons.nth(button).click();
        await until('it is drawn', () => page.evaluate<boolean>('window.written.length > 0'));
        const written =
          await page.evaluate<{ text: string; x: number; y: number; width: number }[]>('window.written');
        const lowest = Math.max(...written.map(({ y }) => y));
        const times = written.filter(({ y }) => y === lowest).sort((a, b) => a.x - b.x);
        assert.ok(times.length > 1);
        for (const [i, { text, x, width }] of times.slice(1).entries()) {
          const before = times[i];
          if (before === undefined) continue;
          const room = x - width / 2 - (before.x + before.width / 2);
          assert.ok(room > 2, `${before.text} and ${text}: ${room} px`);
        }
      }
    });
});
