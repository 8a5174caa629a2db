import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fit, formatUtc, HOUR, MINUTE } from '@lefton/core';
import type { LeftOnModel } from '@lefton/core';
import type { Home } from './home.ts';
import { doubts, readHome } from './index.ts';

/** Three days around the clock change of spring 2026, without one night hour and with one row twice. */
async function aHome(t: { after(done: () => void): void }): Promise<Home> {
  const folder = mkdtempSync(join(tmpdir(), 'lefton-home-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const from = Date.parse('2026-03-28T00:00:00Z');
  const gap = from + 26 * HOUR;
  const rows = Array.from({ length: 3 * 24 * 60 }, (_, i) => from + i * MINUTE)
    .filter((at) => at < gap || at >= gap + HOUR)
    .map((at, i) => `${formatUtc(at)},${200 + (i % 50)}`);
  const file = join(folder, 'home.csv');
  writeFileSync(file, ['at,watts', ...rows, rows.at(-1), ''].join('\n'));
  return readHome(file, 'Europe/Amsterdam');
}

const fitted = ({ history, zone, place }: Home): LeftOnModel =>
  fit(history, {
    zone: zone.name,
    meter: null,
    falseAlarmsPerMonth: 1,
    fittedOn: place,
    sha256: null,
    software: 'test',
  });

test('a home has its gaps, its clock changes and a table in local hours', async (t) => {
  const { gaps, clockChanges, table } = await aHome(t);
  assert.deepEqual(
    gaps.map(({ from, ms }) => [formatUtc(from), ms]),
    [['2026-03-29T01:59:00Z', HOUR + MINUTE]],
  );
  assert.deepEqual(clockChanges, [{ date: '2026-03-29', hours: 23 }]);
  // 01:00 in winter time is where the first day begins; the clock skips 2:00 on the second day only
  assert.equal(table.hour[0], 1);
  assert.deepEqual([...new Set(table.month)], ['2026-03']);
  assert.equal(table.watts.length, table.hour.length);
});

test('what cannot be trusted names what is missing, what came twice and what was never seen', async (t) => {
  const home = await aHome(t);
  const said = doubts(home, fitted(home)).join('\n');
  assert.match(said, /% of the time is missing, in 1 gaps/);
  assert.match(said, /1 rows repeat a time/);
  assert.match(said, /Seasons: 3 of 365 days/);
  assert.match(said, /2026-03-29 has 23 hours/);
  assert.match(said, /^No decision at all/);
});

test('a file with nothing to look at is refused by name', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lefton-home-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'one.csv');
  writeFileSync(file, 'at,watts\n2026-03-28T00:00:00Z,200\n');
  await assert.rejects(readHome(file, 'UTC'), /one\.csv/);
});
