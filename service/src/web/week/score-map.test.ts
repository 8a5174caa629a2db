import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { aFolder, aModelFile, aService } from '../../a-service.test-data.ts';
import { aPage, closeBrowser, noBrowser } from '../a-browser.test-data.ts';

const MODEL = new URL('../../../../models/sample-house.json', import.meta.url);

after(closeBrowser);

test(
  'the edge begins where an hour is known, and leaves out those that are not',
  { skip: noBrowser },
  async (t) => {
    const known = JSON.parse(readFileSync(MODEL, 'utf8')) as { expected: Record<string, number[]> };
    const without = (values: readonly number[]): (number | null)[] =>
      values.map((watts, bucket) => (bucket % 12 === 0 ? null : watts));
    const expected = Object.fromEntries(
      Object.entries(known.expected).map(([side, values]) => [side, without(values)]),
    );
    const { url } = await aService(t, { model: aModelFile(aFolder(t), { ...known, expected }) });
    const page = await aPage(t);
    await page.goto(url);
    const map = page.locator('#score-map svg');
    await map.waitFor();
    const line = (await map.locator('.edge').getAttribute('d')) ?? '';
    assert.equal(line.match(/[A-Z]/g)?.join(''), `M${'L'.repeat(21)}`.repeat(2));
    const [name, edge] = await page.evaluate<[number, number]>(`['.edge-name', '.edge']
      .map((part) => document.querySelector('#score-map ' + part).getBBox())
      .map(({ x }) => x)`);
    assert.ok(name >= edge, `1.0 is written at ${name}, and the edge begins at ${edge}`);
  },
);
