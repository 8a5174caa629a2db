import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DAY, fit, formatUtc, HOUR, MINUTE, SECOND } from '@lefton/core';
import type { LeftOnModel } from '@lefton/core';
import type { Home } from './home.ts';
import { doubts, readHome } from '../index.ts';

/** Three days around the clock change of spring 2026, without one night hour and with one row twice. */
async function aHome(t: Test): Promise<Home> {
  const from = Date.parse('2026-03-28T00:00:00Z');
  const gap = from + 26 * HOUR;
  const rows = Array.from({ length: 3 * 24 * 60 }, (_, i) => from + i * MINUTE)
    .filter((at) => at < gap || at >= gap + HOUR)
    .map((at, i) => `${formatUtc(at)},${200 + (i % 50)}`);
  return readHome(written(t, ['at,watts', ...rows, rows.at(-1)]), 'Europe/Amsterdam');
}

/** Three days of a sensor of Home Assistant that tells changes: each half minute by day, each ten minutes by night. */
function aSensor(t: Test, left: (at: number) => boolean = () => true): Promise<Home> {
  const rows: string[] = [];
  const from = Date.parse('2026-01-10T00:00:00Z');
  for (let [at, n] = [from, 0]; at < from + 72 * HOUR; n++) {
    if (left(at - from)) rows.push(`sensor.house_power_w,${200 + (n % 50)},${formatUtc(at)}`);
    const hour = ((at - from) / HOUR) % 24;
    at += (hour >= 7 && hour < 23 ? 20 + (n % 20) : 200 + (n % 400)) * SECOND;
  }
  return readHome(written(t, ['entity_id,state,last_changed', ...rows]), 'Europe/Amsterdam');
}

interface Test {
  after(done: () => void): void;
}
function written(t: Test, rows: readonly (string | undefined)[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'lefton-home-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'home.csv');
  writeFileSync(file, [...rows, ''].join('\n'));
  return file;
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
    // its last reading holds for ten minutes
    [['2026-03-29T02:09:00Z', 51 * MINUTE]],
  );
  assert.deepEqual(clockChanges, [{ date: '2026-03-29', hours: 23 }]);
  // 01:00 in winter time is where the first day begins; the clock skips 2:00 on the second day only
  assert.equal(table.hour[0], 1);
  assert.deepEqual([...new Set(table.month)], ['2026-03']);
  assert.equal(table.watts.length, table.hour.length);
});

test('of a sensor that tells changes nothing is missing at night, where they are minutes apart', async (t) => {
  const home = await aSensor(t);
  assert.deepEqual([home.gaps.length, home.history.report.gaps], [0, 0]);
  assert.doesNotMatch(doubts(home, fitted(home)).join('\n'), /missing/);
});

test('what is missing is what the fit does not know: its last reading holds for an hour there', async (t) => {
  const { gaps, series } = await aSensor(t, (ms) => ms < 12 * HOUR || ms >= 14 * HOUR);
  assert.equal(gaps.length, 1);
  assert.ok(Math.abs((gaps[0]?.ms ?? NaN) - HOUR) <= 2 * MINUTE);
  const unknown = series.known.reduce((sum, known) => sum + (known === 1 ? 0 : 1), 0);
  // but for the last step, which is not over
  assert.equal(gaps[0]?.ms, (unknown - 1) * series.stepMs);
});

test('what cannot be trusted names what is missing, what came twice and what was never seen', async (t) => {
  const home = await aHome(t);
  const said = doubts(home, fitted(home)).join('\n');
  assert.match(said, /% of the time is missing, in one gap:/);
  assert.match(said, /1 rows repeat a time/);
  assert.match(said, /Seasons: 3 of the 365 days/);
  assert.match(said, /2026-03-29 has 23 hours/);
  assert.match(said, /^No decision at all/);
});

test('seasons that were not read are not seen, however long ago a history begins', async (t) => {
  const from = Date.parse('2024-01-01T00:00:00Z');
  const hours = Array.from({ length: 366 * 24 }, (_, i) => from + i * HOUR);
  const summer = (at: number): boolean => at < from + 90 * DAY || at >= from + 210 * DAY;
  const rows = hours.filter(summer).map((at, i) => `${formatUtc(at)},${(i % 24) - 5}`);
  const home = await readHome(written(t, ['at,watts', ...rows]), 'UTC');
  const said = doubts(home, fitted(home)).join('\n');
  assert.match(said, /Seasons: 246 of the 365 days/);
  assert.match(said, /Export: 20\.\d % of the time/);
  assert.match(said, /Steps: a reading comes every 60 minutes/);
  assert.equal(Math.round(home.daysOf(24)), 1);
});

test("the zone of a home of one's own is not guessed", async (t) => {
  const file = written(t, ['at,watts', '2026-03-28T00:00:00Z,200']);
  await assert.rejects(readHome(file, undefined), /expected the zone of the home in LEFTON_ZONE/);
});

test('where lefton import asks about a file, it is named as the way to read it', async (t) => {
  const file = written(t, ['Date,Usage', '2026-03-28 00:00,200', '2026-03-28 00:15,210']);
  await assert.rejects(
    readHome(file, 'UTC'),
    /home\.csv: .* npx lefton import .* --out home\.csv is read here/,
  );
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
