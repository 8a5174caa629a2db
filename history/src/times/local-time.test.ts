import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE, Zone } from '@lefton/core';
import fc from 'fast-check';
import { LocalTimes } from './local-time.ts';
import { standingOffset, toFixedOffset } from './standing-clock.ts';

const ZONES = ['Europe/Paris', 'America/Los_Angeles', 'Australia/Lord_Howe', 'Europe/Helsinki'] as const;
/** What the wall clock shows at instants a step apart. */
function wallClock(zone: Zone, from: number, to: number, step: number): { at: number[]; local: number[] } {
  const at: number[] = [];
  for (let time = from; time < to; time += step) at.push(time);
  return { at, local: at.map((time) => time + zone.offsetAt(time)) };
}
/** As a file with one column is read: the times become instants in place. */
function localToInstants(
  at: Float64Array,
  value: Float64Array,
  zone: Zone,
): { skipped: readonly number[]; onceOnly: readonly string[]; fixedOffset: number | undefined } {
  const local = new LocalTimes({ at, value }, zone);
  const fixedOffset = standingOffset([local], zone);
  if (fixedOffset === undefined) local.toInstants(zone);
  else toFixedOffset(at, fixedOffset);
  return { skipped: local.skipped, onceOnly: local.onceOnly, fixedOffset };
}
const ones = (times: readonly number[]): Float64Array => new Float64Array(times.length).fill(1);

for (const name of ZONES) {
  const zone = new Zone(name);
  for (const [step, label] of [
    [MINUTE, 'minutes'],
    [15 * MINUTE, 'quarter hours'],
    [30 * MINUTE, 'half hours'],
  ] as const) {
    test(`a year of ${label} in ${name} comes back through both changes of clock`, () => {
      const { at, local } = wallClock(zone, Date.UTC(2023, 0, 1), Date.UTC(2024, 0, 1), step);
      const times = Float64Array.from(local);
      const result = localToInstants(times, ones(at), zone);
      assert.deepEqual(result, { skipped: [], onceOnly: [], fixedOffset: undefined });
      assert.deepEqual([...times], at);
    });
  }

  test(`a year of quarter hours in ${name} from new to old comes back`, () => {
    const { at, local } = wallClock(zone, Date.UTC(2023, 0, 1), Date.UTC(2024, 0, 1), 15 * MINUTE);
    const times = Float64Array.from(local.reverse());
    localToInstants(times, ones(at), zone);
    assert.deepEqual([...times], at.reverse());
  });

  test(`shuffled quarter hours in ${name} give every instant once`, () => {
    const { at, local } = wallClock(zone, Date.UTC(2023, 9, 20), Date.UTC(2023, 10, 10), 15 * MINUTE);
    const shuffled = fc.shuffledSubarray(local, { minLength: local.length });
    fc.assert(
      fc.property(shuffled, (rows) => {
        const times = Float64Array.from(rows);
        localToInstants(times, ones(at), zone);
        assert.deepEqual(
          [...times].sort((a, b) => a - b),
          at,
        );
      }),
      { numRuns: 20 },
    );
  });
}

const paris = new Zone('Europe/Paris');
const wall = (text: string): number => Date.parse(`${text}Z`);

test('a repeated hour that the file has once is the first pass, and is named', () => {
  const times = Float64Array.of(wall('2023-10-29T01:30'), wall('2023-10-29T02:30'), wall('2023-10-29T03:30'));
  const { onceOnly } = localToInstants(times, ones([1, 2, 3]), paris);
  assert.deepEqual(onceOnly, ['2023-10-29']);
  assert.equal(times[1], Date.parse('2023-10-29T02:30+02:00'));
});

test('a hole in the first pass does not move the second pass', () => {
  const { at, local } = wallClock(paris, Date.UTC(2023, 9, 28, 20), Date.UTC(2023, 9, 29, 6), 15 * MINUTE);
  const hole = Date.parse('2023-10-29T02:15+02:00');
  const kept = at.filter((time) => time !== hole);
  const times = Float64Array.from(local.filter((_, i) => at[i] !== hole));
  localToInstants(times, ones(kept), paris);
  assert.deepEqual([...times], kept);
});

test('a time that spring skips does not exist in a short file', () => {
  const times = Float64Array.of(wall('2024-03-31T01:30'), wall('2024-03-31T02:30'), wall('2024-03-31T03:30'));
  const { skipped, fixedOffset } = localToInstants(times, ones([1, 2, 3]), paris);
  assert.deepEqual([...skipped], [1]);
  assert.equal(fixedOffset, undefined);
});

test('a clock that runs through both changes stands on standard time', () => {
  const local: number[] = [];
  for (let time = wall('2023-01-01T00:00'); time < wall('2024-01-01T00:00'); time += HOUR) local.push(time);
  const times = Float64Array.from(local);
  assert.equal(localToInstants(times, ones(local), paris).fixedOffset, HOUR);
  assert.equal(times[4_000], (local[4_000] ?? 0) - HOUR);
});

test('a clock stands when some column has values in the hour that spring skips, and none repeats an hour', () => {
  const hours = Array.from({ length: 480 }, (_, i) => wall('2024-03-20T00:00') + i * HOUR);
  const column = (watts: number, times = hours): LocalTimes => {
    const value = new Float64Array(times.length).fill(watts);
    return new LocalTimes({ at: Float64Array.from(times), value }, paris);
  };
  assert.equal(standingOffset([column(0)], paris), undefined);
  assert.equal(standingOffset([column(0), column(300)], paris), HOUR);
  assert.equal(standingOffset([column(300), column(NaN)], paris), HOUR);
  const autumn = wallClock(paris, Date.UTC(2024, 9, 20), Date.UTC(2024, 10, 1), HOUR).local;
  assert.equal(standingOffset([column(300), column(300, autumn)], paris), undefined);
});

test('zeros that fill up the spring day to 24 rows do not make a fixed clock', () => {
  const { at, local } = wallClock(paris, Date.UTC(2024, 2, 20), Date.UTC(2024, 3, 10), HOUR);
  const filler = wall('2024-03-31T02:00');
  const index = local.findIndex((time) => time > filler);
  local.splice(index, 0, filler);
  const values = ones(local);
  values[index] = 0;
  const times = Float64Array.from(local);
  assert.equal(localToInstants(times, values, paris).fixedOffset, undefined);
  assert.deepEqual(
    [...times].filter((time) => !Number.isNaN(time)),
    at,
  );
});

test('needs 18: the 23 hours of 30 March 2025 in Helsinki are all there', () => {
  const zone = new Zone('Europe/Helsinki');
  const start = Date.UTC(2025, 2, 29, 22);
  const { at, local } = wallClock(zone, start, start + 23 * HOUR, HOUR);
  const times = Float64Array.from(local);
  localToInstants(times, ones(at), zone);
  assert.deepEqual([...times], at);
  assert.equal(zone.startOfDay(Math.floor((local[0] ?? 0) / DAY) + 1), start + 23 * HOUR);
});
