import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toOriginal } from './uci-original.ts';

const stamp = (minute: number): string =>
  new Date(Date.UTC(2006, 11, 16, 17, 24) + minute * 60_000).toISOString().slice(0, 19).replace('T', ' ');

test('a row of the copy becomes the row that UCI gives out', () => {
  const told = { rows: 0, missing: 0 };
  const lines = [...toOriginal(['2007-01-02 03:04:00,4.216,0.418,234.84,18.4,0.0,1.0,17.0'], told)];
  assert.equal(lines[1], '2/1/2007;03:04:00;4.216;0.418;234.840;18.400;0.000;1.000;17.000');
  assert.deepEqual(told, { rows: 1, missing: 0 });
});

test('a minute that equals the one of the day before in every figure was missing, also for days on end', () => {
  const rows = Array.from({ length: 4 * 1440 }, (_, minute) => {
    const copied = minute % 1440 === 100 && minute > 1440 && minute < 3 * 1440 ? minute % 1440 : minute;
    return `${stamp(minute)},${1 + copied / 1000},0.0,240.0,4.0,0.0,0.0,0.0`;
  });
  const told = { rows: 0, missing: 0 };
  const lines = [...toOriginal(rows, told)].slice(1);
  assert.deepEqual(told, { rows: 5760, missing: 2 });
  assert.equal(lines[1540], '17/12/2006;19:04:00;?;?;?;?;?;?;');
  assert.equal(lines[2980]?.endsWith(';?;?;?;?;?;?;'), true);
  assert.equal(lines[4420]?.includes('?'), false);
});

test('the first day has no day before it', () => {
  const told = { rows: 0, missing: 0 };
  const same = '1.0,0.0,240.0,4.0,0.0,0.0,0.0';
  const lines = [...toOriginal([`${stamp(0)},${same}`, `${stamp(1)},${same}`], told)];
  assert.equal(
    lines.some((line) => line.includes('?')),
    false,
  );
});
