import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { HOUR, MINUTE, parseInstant } from '@lefton/core';
import { ZONE } from './calendar.ts';
import { csvOf, readmeOf, windowsOf, zipped } from './files.ts';
import { SEED, simulate } from './house.ts';

const read = (name: string): Buffer =>
  readFileSync(new URL(`../../data/sample-house/${name}`, import.meta.url));
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

const house = simulate(SEED);
const csv = csvOf(house);
const committed = gunzipSync(read('readings.csv.gz')).toString('utf8');
const rows = committed
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [at = '', watts = ''] = line.split(',');
    return { at: parseInstant(at) ?? NaN, watts: Number(watts) };
  });

/** Watts of the rows from <= local time < to, for example `2026-03-24T03:12`. */
function between(from: string, to: string): readonly number[] {
  const [start = NaN, end = NaN] = [from, to].map((local) => ZONE.instantsOf(Date.parse(`${local}Z`))[0]);
  return rows.filter(({ at }) => at >= start && at < end).map(({ watts }) => watts);
}

function quantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.round((sorted.length - 1) * q)] ?? NaN;
}

describe('the committed sample house', () => {
  test('is what the same seed makes today, file by file', () => {
    assert.equal(hash(committed), hash(csv));
    assert.equal(read('windows.json').toString(), windowsOf(house));
    assert.equal(read('README.md').toString(), readmeOf(house));
  });

  test('has the same bytes each time it is made, and others with another seed', () => {
    assert.equal(hash(csvOf(simulate(SEED))), hash(csv));
    assert.deepEqual(zipped(csv), zipped(csv));
    assert.notEqual(hash(csvOf(simulate(SEED + 1))), hash(csv));
  });

  test('says in its first line that it is simulated', () => {
    assert.match(read('README.md').toString().split('\n')[0] ?? '', /SIMULATED/);
  });

  test('is small enough for the repository', () => {
    assert.ok(read('readings.csv.gz').length < 2 ** 20);
  });

  test('is canonical: at,watts, one whole-watt row per minute in ascending order', () => {
    assert.match(committed, /^at,watts\n2025-11-30T23:00:00Z,\d+\n/);
    for (const [i, { at, watts }] of rows.entries()) {
      assert.ok(at % MINUTE === 0 && at > (rows[i - 1]?.at ?? 0) && Number.isInteger(watts) && watts > 0);
    }
    assert.equal(ZONE.format(rows.at(-1)?.at ?? NaN), '2026-04-04T23:59:00+02:00');
  });
});

describe('the life in it', () => {
  test('has the power of a real house: median 200-300 W, one minute in a hundred above 3-3.5 kW', () => {
    const watts = rows.map((row) => row.watts);
    const [median, high] = [quantile(watts, 0.5), quantile(watts, 0.99)];
    assert.ok(median >= 200 && median <= 300, `median ${median}`);
    assert.ok(high >= 3000 && high <= 3500, `p99 ${high}`);
  });

  test('has 1380 minutes on the day of the change of clock', () => {
    assert.equal(between('2026-03-29T00:00', '2026-03-30T00:00').length, 1380);
  });

  test('is quiet on the weekend away', () => {
    const away = between('2026-01-31T00:00', '2026-02-01T00:00');
    const ordinary = between('2026-01-24T00:00', '2026-01-25T00:00');
    const mean = (watts: readonly number[]): number => watts.reduce((sum, w) => sum + w, 0) / watts.length;
    assert.ok(mean(away) < 0.6 * mean(ordinary));
  });

  test('is never the same day twice: no two days correlate minute by minute', () => {
    const days = ['2026-03-03', '2026-03-10', '2026-03-17'].map((day) =>
      between(`${day}T17:00`, `${day}T20:00`),
    );
    for (const [i, a] of days.entries()) {
      for (const b of days.slice(i + 1)) assert.ok(Math.abs(correlation(a, b)) < 0.5);
    }
  });

  test('misses rows: minutes, hours, and once a day', () => {
    const gaps = rows.map(({ at }, i) => (at - (rows[i - 1]?.at ?? at - MINUTE)) / MINUTE - 1);
    assert.equal(gaps.filter((gap) => gap >= 1440).length, 1);
    assert.ok(gaps.filter((gap) => gap >= 60 && gap < 1440).length >= 3);
    assert.ok(gaps.filter((gap) => gap > 1 && gap < 60).length >= 8);
    assert.equal(between('2026-03-24T00:00', '2026-04-05T00:00').length, 12 * 1440 - 60 - 9);
  });
});

describe('what was left on', () => {
  test('a fan heater in the night of Tuesday 24 March: 2.1 kW for 4 h 40 min, where 0.2 kW is usual', () => {
    const watts = between('2026-03-24T03:12', '2026-03-24T07:52');
    assert.equal(watts.length, 280);
    assert.ok(Math.min(...watts) > 1900);
    const median = quantile(watts, 0.5);
    assert.ok(median > 2050 && median < 2150, `median ${median}`);
    const usual = quantile(between('2026-03-23T03:12', '2026-03-23T06:00'), 0.5);
    assert.ok(usual > 150 && usual < 250, `usual ${usual}`);
  });

  test('an oven on the afternoon of Saturday 28 March: never off for more than 10 minutes in 5 hours', () => {
    const watts = between('2026-03-28T15:47', '2026-03-28T20:51');
    const on = watts.flatMap((power, i) => (power > 1600 ? [i] : []));
    assert.ok(on.every((minute, i) => minute - (on[i - 1] ?? 0) <= 10));
    assert.ok((watts.length - (on.at(-1) ?? 0)) * MINUTE < HOUR / 4);
    const share = on.length / watts.length;
    assert.ok(share > 0.36 && share < 0.55, `on for ${share}`);
  });

  test('nothing else in the twelve days stays above 1.6 kW for longer than two hours', () => {
    const kept = rows.filter(({ at }) => at >= (parseInstant('2026-03-23T23:00:00Z') ?? NaN));
    const known = house.leftOn.map(({ from, to }) => [from, to + HOUR] as const);
    let [since, last] = [NaN, NaN];
    for (const { at, watts } of kept) {
      if (watts <= 1600 || known.some(([from, to]) => at >= from && at < to)) continue;
      if (!(at - last <= 11 * MINUTE)) since = at;
      last = at;
      assert.ok(last - since < 2 * HOUR, ZONE.format(since));
    }
  });

  test('is written down in windows.json, in local time', () => {
    const windows: unknown = JSON.parse(read('windows.json').toString());
    assert.deepEqual(windows, [
      {
        from: '2026-03-24T03:12:00+01:00',
        to: '2026-03-24T07:52:00+01:00',
        what: 'fan heater, about 1.93 kW, all the time',
      },
      {
        from: '2026-03-28T15:47:00+01:00',
        to: '2026-03-28T20:51:00+01:00',
        what: 'oven, 2.2 kW for 40 % of every 12 minutes',
      },
    ]);
  });
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const count = Math.min(a.length, b.length);
  const mean = (values: readonly number[]): number =>
    values.slice(0, count).reduce((sum, value) => sum + value, 0) / count;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [x, y] = [(a[i] ?? 0) - meanA, (b[i] ?? 0) - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}
