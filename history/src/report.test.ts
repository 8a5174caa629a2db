import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importHistory } from './import.ts';
import type { ImportOptions } from './options.ts';
import type { ImportedHistory } from './report.ts';

const imported = (text: string, options: Partial<ImportOptions> = {}): Promise<ImportedHistory> =>
  importHistory([Buffer.from(text)], { place: 'f.csv', now: Date.UTC(2024, 5, 1), ...options });
const row = (minute: number, cells: string): string =>
  `2024-01-01T00:${String(minute).padStart(2, '0')}:00Z,${cells}\n`;
const total = (hour: number, kwh: number): string => `2024-01-01 0${hour}:00,${kwh},5\n`;
const REGISTERS = 'time,Import T1 kWh,Import T2 kWh\n';

test('a blank row that repeats a time takes nothing away from what is known', async () => {
  const { watts, report } = await imported(`at,watts\n${row(0, '5')}${row(1, '6')}${row(0, '')}`);
  assert.deepEqual([[...watts], report.duplicates], [[5, 6], 1]);
  assert.doesNotMatch(report.notes.join(), /two different values/);
});

test('rejected rows are told in the order of the file, whenever they are found out', async () => {
  const { report } = await imported(`at,watts\n2025-01-01T00:00:00Z,1\n${row(0, 'many')}${row(1, '6')}`);
  assert.deepEqual(
    report.rejected.map(({ line }) => line),
    [2, 3],
  );
});

test('a file of several columns without a repeated row has no duplicates', async () => {
  const { report } = await imported(REGISTERS + total(0, 1) + total(1, 2), { zone: 'UTC' });
  assert.equal(report.duplicates, 0);
});

test('totals that are left out, and a register that started anew, are told', async () => {
  const notesOf = async (...totals: number[]): Promise<string> =>
    (
      await imported(REGISTERS + totals.map((kwh, hour) => total(hour, kwh)).join(''), { zone: 'UTC' })
    ).report.notes.join();
  assert.match(await notesOf(500, 501, 0, 1.5, 3.2, 4), /the register started anew 1 time\b/);
  assert.match(await notesOf(500, 501, 0, 502.5, 503.2), /1 total ran backwards or too fast to be true/);
  assert.equal(await notesOf(500, 501.507, 502.211, 503.704), '');
});

test('the side of labels changes nothing where a file states both ends, which is said', async () => {
  const text = 'Consumption (kWh), Start, End\n0.5, 2024-01-01T00:00:00Z, 2024-01-01T00:30:00Z\n';
  const { report } = await imported(text, { labels: 'end' });
  assert.equal(report.first, '2024-01-01T00:00:00Z');
  assert.deepEqual(report.notes, ['labels "end" changes nothing: files of the format octopus need none']);
});

test('an order of dates that was found out is told, and a date that there is not in it is rejected with its line', async () => {
  const rows = ['30/01/2024 00:00,5', '31/01/2024 00:00,5', '30/02/2024 00:00,5', '01/02/2024 00:00,5'];
  const text = `Date/Time,Energy Produced (Wh),Energy Consumed (Wh)\n${rows.map((line) => `${line},24\n`).join('')}`;
  const found = (await imported(text, { zone: 'UTC' })).report;
  assert.ok(found.notes.includes('dates read with the day first'));
  assert.deepEqual(found.rejected, [{ line: 4, why: 'there is no such date' }]);
});

test('a blank in the hour that spring skips is no fault, a value there is', async () => {
  const at = (time: string, cells: string): string => `2024-03-31 ${time},${cells}\n`;
  const text = at('01:00', '1,5') + at('02:00', ',') + at('02:30', '2,5') + at('03:00', '3,5');
  const { report } = await imported(REGISTERS + text, { zone: 'Europe/Paris' });
  assert.deepEqual(
    report.rejected.map(({ line }) => line),
    [4],
  );
});

test('of readings on change a pause of some minutes is no gap, one of hours is', async () => {
  const minutes = [0, 1, 3, 4, 9, 10, 12, 40, 41, 43, 48, 55];
  const gapsOf = async (last: number): Promise<number> => {
    const rows = [...minutes, last].map((minute) => new Date(Date.UTC(2024, 0, 1, 0, minute)).toISOString());
    return (await imported(`at,watts\n${rows.map((at, i) => `${at},${i}\n`).join('')}`)).report.gaps;
  };
  assert.equal(await gapsOf(100), 0);
  assert.equal(await gapsOf(300), 1);
});
