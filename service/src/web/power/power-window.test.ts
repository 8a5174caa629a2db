import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Notation } from '../document/notation.ts';
import { PowerWindow } from './power-window.ts';

const HOUR = 3_600_000;
const UNITS = { seconds: 's', minutes: 'min', hours: 'h', days: 'days' };
const berlin = new Notation('en', 'Europe/Berlin', UNITS);

/** Local times of what is drawn beside a span, where each hour had a reading. */
async function beside(from: string, to: string, days: number): Promise<string[]> {
  const answer = ({ searchParams: query }: URL): unknown => {
    const [first, last] = ['from', 'to'].map((end) => Date.parse(query.get(end) ?? ''));
    const begin = Math.ceil((first ?? 0) / HOUR) * HOUR;
    const hours = Array.from({ length: Math.ceil(((last ?? 0) - begin) / HOUR) }, (_, i) => begin + i * HOUR);
    // a reading says when it was
    return { column_s: null, expected: [], readings: hours.map((at) => ({ at: new Date(at), watts: at })) };
  };
  const { fetch: real } = globalThis;
  globalThis.fetch = (path) => Promise.resolve(Response.json(answer(new URL(path as string, 'http://home'))));
  const span = { from: Date.parse(from), to: Date.parse(to) };
  const window = new PowerWindow();
  await window.load('home', span, 600, days, berlin).finally(() => (globalThis.fetch = real));
  const { at, watts } = window.faint;
  assert.deepEqual(
    at,
    at.toSorted((a, b) => a - b),
  );
  return at.flatMap((place, i) =>
    place < span.from || place >= span.to ? [] : `${berlin.clock(place)} ${berlin.clock(watts[i] ?? 0)}`,
  );
}

const same = (...clocks: string[]): string[] => clocks.map((clock) => `${clock} ${clock}`);

test('the day before stands where the clock says the same, also when clocks are put forward', async () => {
  const day = await beside('2026-03-29T00:00:00+01:00', '2026-03-29T06:00:00+02:00', 1);
  assert.deepEqual(day, same('00:00', '01:00', '03:00', '04:00', '05:00'));
  const after = await beside('2026-03-30T00:00:00+02:00', '2026-03-30T05:00:00+02:00', 1);
  assert.deepEqual(after, same('00:00', '01:00', '03:00', '04:00'));
});

test('the day before stands where the clock says the same when clocks are put back, where an hour comes twice', async () => {
  const day = await beside('2026-10-25T00:00:00+02:00', '2026-10-25T05:00:00+01:00', 1);
  assert.deepEqual(day, same('00:00', '01:00', '02:00', '03:00', '04:00'));
  const after = await beside('2026-10-26T00:00:00+01:00', '2026-10-26T05:00:00+01:00', 1);
  assert.deepEqual(after, same('00:00', '01:00', '02:00', '03:00', '04:00'));
});

test('the week before is seven local days earlier', async () => {
  const day = await beside('2026-03-31T00:00:00+02:00', '2026-03-31T03:00:00+02:00', 7);
  assert.deepEqual(day, same('00:00', '01:00', '02:00'));
});
