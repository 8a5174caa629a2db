/** Exports that people have put one after the other into one file, or that a spreadsheet has written anew. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importHistory } from './import.ts';
import type { ImportOptions } from './options.ts';
import type { ImportedHistory } from './report.ts';

const imported = (text: string, options: Partial<ImportOptions> = {}): Promise<ImportedHistory> =>
  importHistory([Buffer.from(text)], { place: 'f.csv', ...options });

test('an export appended to another of the same columns goes on where that ended', async () => {
  const first = '\uFEFFat,watts\n2024-01-01T00:00:00Z,1\n';
  const { watts, report } = await imported(`${first}\uFEFFat,watts,\n2024-01-01T00:01:00Z,2\n`);
  assert.deepEqual([[...watts], report.rows, report.rejected_count], [[1, 2], 2, 0]);
});

test('an export appended to another of other columns is refused, and not read as what it is not', async () => {
  const bucket = 'Time Bucket (Europe/Paris)';
  for (const text of [
    `${bucket},A-Mains_A (kWatts),A-Mains_B (kWatts),A-Oven (kWatts)\n01/01/2024 00:00:00,1,1,0\n` +
      `${bucket},A-Oven (kWatts),A-Mains_A (kWatts),A-Mains_B (kWatts)\n01/01/2024 01:00:00,0,1,1\n`,
    'Hour Start,Electricity 1\n2024-01-01T00:00Z,1\nHour Start,Electricity 2\n2024-01-01T00:00Z,2\n',
  ])
    await assert.rejects(imported(text), {
      code: 'bad_file',
      message: /import each export on its own.*line 3/,
    });
});

test('home-assistant-energy: months that were downloaded one by one go on where the one before ended', async () => {
  const month = (name: string, watts: readonly number[]): string =>
    `entity_id,type,unit,${watts.map((_, hour) => `2024-${name}-01T0${hour}:00:00.000Z`).join()}\n` +
    `sensor.in,grid_consumption,kWh,${watts.join()}\nsensor.out,grid_return,kWh,${watts.map(() => 0.5).join()}\n`;
  const { watts, report } = await imported(`${month('01', [1, 2])}${month('02', [3, 4, 5])}`);
  assert.deepEqual([[...watts], report.gaps], [[500, 1_500, 2_500, 3_500, 4_500], 1]);
  assert.equal(report.last, '2024-02-01T02:00:00Z');
});

test('home-assistant-energy: a heading that is no time is told by its line, also in a later month', async () => {
  const month = (name: string, second: string): string =>
    `entity_id,type,unit,2024-${name}-01T00:00:00.000Z,${second}\nsensor.in,grid_consumption,kWh,1,2\n`;
  const { watts, report } = await imported(
    `${month('01', '2024-01-01T01:00:00.000Z')}${month('02', '2024-02-31')}`,
  );
  assert.equal(watts.length, 3);
  assert.deepEqual(
    report.rejected.map(({ line }) => line),
    [3],
  );
});

test('home-assistant-energy: an entity that is not in each month is read of those that have it', async () => {
  const month = (name: string, entities: readonly string[]): string =>
    `entity_id,type,unit,2024-${name}-01T00:00:00.000Z,2024-${name}-01T01:00:00.000Z\n` +
    entities.map((entity) => `sensor.${entity},device_consumption,kWh,1,2\n`).join('');
  const text = `${month('01', ['oven'])}${month('02', ['oven', 'pump'])}`;
  const { watts } = await imported(text, { entity: 'sensor.pump' });
  assert.deepEqual([...watts], [1_000, 2_000]);
  await assert.rejects(imported(text, { entity: 'sensor.pump,sensor.heater' }), {
    code: 'entity_choice_needed',
    choices: ['sensor.oven', 'sensor.pump'],
    message: /"sensor\.heater", or to be told another: .*found "sensor\.oven", "sensor\.pump"$/,
  });
});

test('home-assistant-energy: a home in one month and its device in another are not one history', async () => {
  const month = (name: string, row: string): string =>
    `entity_id,type,unit,2024-${name}-01T00:00:00.000Z\n${row},kWh,1\n`;
  const text = `${month('01', 'sensor.in,grid_consumption')}${month('02', 'sensor.oven,device_consumption')}`;
  await assert.rejects(imported(text, { entity: 'sensor.in,sensor.oven' }), { message: /rows of both/ });
});

test('a decimal comma without quotes makes a row of more cells than columns, which is rejected', async () => {
  const { watts, report } = await imported(
    'timestamp (UTC),energyConsumption (kWh)\n2024-01-01 00:30,1\n2024-01-01 01:00,0,25\n2024-01-01 01:30,2,\n',
  );
  assert.deepEqual([...watts], [1_000, 2_000]);
  assert.deepEqual(report.rejected, [
    { line: 3, why: 'expected at most 2 cells, found 3: a decimal comma without quotes?' },
  ]);
});

test('between semicolons a cell more than there are columns moves no other, and the row is read', async () => {
  const { watts, report } = await imported(
    'at;watts\n2024-01-01T00:00:00Z;812,5;checked\n2024-01-01T00:01:00Z;300\n',
  );
  assert.deepEqual([[...watts], report.rejected_count], [[812.5, 300], 0]);
});

test('numbers in quotes are read as such however late the first one comes', async () => {
  const rows = Array.from({ length: 4_000 }, (_, i) => {
    const time = new Date(Date.UTC(2024, 0, 1, 0, 15 * i)).toISOString().slice(0, 16).replace('T', ' ');
    return `${time},${i < 3_900 ? '300' : '"1,234"'},500,0,100\n`;
  });
  const head =
    'Date/Time,Energy Produced (Wh),Energy Consumed (Wh),Exported to Grid (Wh),Imported from Grid (Wh)\n';
  const { watts } = await imported(`${head}${rows.join('')}`, { zone: 'UTC' });
  assert.equal(watts.length, 4_000);
  assert.ok(watts.every((power) => power === 400));
});

test('an hour that autumn repeats is told alike by two exports that overlap, and keeps both its values', async () => {
  const row = (time: string, kwh: number): string => `10/27/2024 ${time}:00:00,${kwh}\n`;
  const day = `${row('00', 1)}${row('01', 2)}${row('02', 3)}${row('02', 4)}${row('03', 5)}${row('04', 6)}`;
  const text = `Time Bucket (Europe/Paris),Home-Mains (kWhs)\n${day}${day}`;
  const { watts, report } = await imported(text);
  assert.deepEqual([...watts], [1_000, 2_000, 3_000, 4_000, 5_000, 6_000]);
  assert.doesNotMatch(report.notes.join(), /two different values/);
});

test('an hour that an export has only once stays so when the export is there twice', async () => {
  const row = (time: string, kwh: number): string => `10/27/2024 ${time}:00:00,${kwh}\n`;
  const day = `${row('00', 1)}${row('01', 2)}${row('02', 3)}${row('03', 5)}${row('04', 6)}${row('05', 6)}`;
  const { at, report } = await imported(`Time Bucket (Europe/Paris),Home-Mains (kWhs)\n${day}${day}`);
  assert.equal(at.length, 6);
  assert.match(report.notes.join(), /2024-10-27 has the repeated hour only once/);
});

test('an option that a format has no use for is said to change nothing', async () => {
  const text = 'Date/time UTC,Active energy Wh\n2024-01-01 00:00,1\n2024-01-01 00:10,2\n';
  const { notes } = (await imported(text, { entity: 'Active energy Wh (B)', unit: 'kWh', labels: 'end' }))
    .report;
  assert.deepEqual(notes, [
    'entity "Active energy Wh (B)" changes nothing: files of the format shelly need none',
    'unit "kWh" changes nothing: files of the format shelly need none',
  ]);
});

test('where lines were sorted, or stand in no order, it is said that the repeated hour is a guess', async () => {
  const rows = ['00:00', '01:30', '02:00', '02:30', '02:00', '02:30', '03:00', '03:30'];
  const lines = rows.map((time, i) => `10/27/2024 ${time}:00,${(i * 5) % 8}`);
  const notesOf = async (some: readonly string[]): Promise<string> =>
    (
      await imported(['Time Bucket (Europe/Paris),Home-Mains (kWatts)', ...some].join('\n'))
    ).report.notes.join();
  const guess = /2024-10-27 has the repeated hour in no order of time/;
  assert.doesNotMatch(await notesOf(lines), guess);
  assert.doesNotMatch(await notesOf(lines.toReversed()), guess);
  assert.doesNotMatch(await notesOf([...lines, ...lines]), guess);
  assert.match(await notesOf(lines.toSorted()), guess);
  const shuffled = [4, 0, 6, 2, 7, 1, 5, 3].map((i) => lines[i] ?? '');
  assert.match(await notesOf(shuffled), guess);
});
