import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Page } from 'playwright-core';
import { aService, START, until } from '../a-service.test-data.ts';
import { aPage, closeBrowser, noBrowser } from './a-browser.test-data.ts';

const HOURS = 24;
/** After these all that is bounded has reached its bound. */
const FULL_AFTER = 8;
const MEGABYTE = 1_000_000;

after(closeBrowser);

/** An hour of readings, one a second. */
function hourCsv(hour: number): string {
  const rows = Array.from({ length: 3_600 }, (_, second) => {
    const at = START + hour * 3_600_000 + second * 1_000;
    return `${new Date(at).toISOString()},${200 + ((second * 7) % 90)}`;
  });
  return `at,watts\n${rows.join('\n')}\n`;
}

/** Bytes that the page's JavaScript holds once what is not needed is gone. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** The same of this process, in which the service runs. */
function ownHeap(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe('the page over a day of a reading a second', { skip: noBrowser }, () => {
  it('holds no more at its end than after its first hours, nor does the service', async (t) => {
    const { url, metrics } = await aService(t);
    const page = await aPage(t);
    await page.goto(url);
    await page.locator('#now').getByText('none yet').waitFor();
    const [atPage, inService]: [number[], number[]] = [[], []];
    for (let hour = 0; hour < HOURS; hour++) {
      const headers = { 'content-type': 'text/csv' };
      await fetch(`${url}/api/readings`, { method: 'POST', headers, body: hourCsv(hour) });
      const heard = new RegExp(` to .* ${String(hour).padStart(2, '0')}:59, between `);
      await until('the hour is scored', () => metrics.readings.get({ verdict: 'ok' }) === (hour + 1) * 3_600);
      await page.locator('#today-summary').getByText(heard).waitFor();
      if (hour + 1 !== FULL_AFTER && hour + 1 !== HOURS) continue;
      atPage.push(await heapOf(page));
      inService.push(ownHeap());
    }
    for (const [where, [full = NaN, end = NaN]] of [
      ['page', atPage],
      ['service', inService],
    ] as const) {
      const told = `${where}: ${(full / MEGABYTE).toFixed(1)} MB, at the end ${(end / MEGABYTE).toFixed(1)} MB`;
      t.diagnostic(told);
      assert.ok(end - full < 5 * MEGABYTE, told);
    }
  });
});
