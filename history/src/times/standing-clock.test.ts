import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, MINUTE } from '@lefton/core';
import { importHistory } from '../import.ts';
import type { ImportReport } from '../report.ts';

/** Quarter hours on a wall clock, from that many days before a change of clock to that many after; some are left out. */
async function quarters(
  zone: string,
  change: number,
  days: number,
  isLeftOut: (wall: number) => boolean,
): Promise<ImportReport> {
  const rows: string[] = [];
  for (let wall = change - days * DAY; wall < change + days * DAY; wall += 15 * MINUTE)
    if (!isLeftOut(wall)) rows.push(`${new Date(wall).toISOString().slice(0, 16)},5\n`);
  return (await importHistory([Buffer.from(`at,watts\n${rows.join('')}`)], { place: 'f.csv', zone })).report;
}
const PARIS = Date.UTC(2024, 2, 31, 2);
const CHICAGO = Date.UTC(2024, 2, 10, 2);
const none = (): boolean => false;

test('a clock that goes on through the hour which spring skips was never changed, east and west', async () => {
  const east = await quarters('Europe/Paris', PARIS, 3, none);
  assert.deepEqual([east.rejected_count, east.gaps, east.first], [0, 0, '2024-03-28T01:00:00Z']);
  assert.deepEqual(east.notes, [`the file's clock was never changed for summer time: read as UTC+1`]);
  const west = await quarters('America/Chicago', CHICAGO, 3, none);
  assert.deepEqual(west.notes, [`the file's clock was never changed for summer time: read as UTC-6`]);
});

test('a stray row in the hour that spring skips is rejected, and the clock was changed', async () => {
  const isLeftOut = (wall: number): boolean => wall > PARIS && wall < PARIS + 60 * MINUTE;
  const { rejected, notes, gaps } = await quarters('Europe/Paris', PARIS, 3, isLeftOut);
  assert.deepEqual(
    rejected.map(({ why }) => why),
    ['no such local time in Europe/Paris: the clocks were put forward'],
  );
  assert.deepEqual([notes, gaps], [[], 0]);
});

test('a file that knows less than a day on either side does not show that its clock stood', async () => {
  assert.equal((await quarters('Europe/Paris', PARIS, 0.9, none)).rejected_count, 4);
});
