/** Files that a person names one by one, as one history. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { openHistoryFiles } from './history-file.ts';
import { importHistory } from '../import.ts';
import type { ImportOptions } from '../options.ts';
import { toldOf } from '../report.ts';
import type { ImportedHistory } from '../report.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lefton-several-'));
});
after(() => rm(folder, { recursive: true }));

/** These files, imported as the commands do, in this order. */
async function imported(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<ImportOptions> = {},
): Promise<ImportedHistory> {
  const paths: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    paths.push(path);
  }
  const [first = '', ...more] = paths;
  const file = await openHistoryFiles([first, ...more], options.format);
  const { place, files: places } = file;
  const history = await importHistory(file.chunks, { place, files: places, ...options });
  assert.equal(file.bytesRead(), file.sizeBytes);
  return { ...history, report: { ...history.report, notes: [...file.notes, ...history.report.notes] } };
}

const month = (name: number, watts: number): string =>
  `at,watts\n2024-0${name}-01T00:00:00Z,${watts}\n2024-0${name}-01T00:01:00Z,${watts}\n`;

test('a file for each month is one history in order of time, whatever their order, gzip and zip among them', async () => {
  const { watts, report } = await imported({
    '2024-03.csv': month(3, 3),
    '2024-01.csv.gz': gzipSync(month(1, 1)),
    '2024-02.zip': zipSync({ 'february.csv': Buffer.from(month(2, 2)) }),
  });
  assert.deepEqual([...watts], [1, 1, 2, 2, 3, 3]);
  assert.deepEqual(report.notes, [
    'read as one: 2024-03.csv from line 1, 2024-01.csv.gz from line 4, 2024-02.zip/february.csv from line 7',
  ]);
});

test('a file of other columns is left out by name, however it ends', async () => {
  const { watts, report } = await imported({
    jan: month(1, 1),
    'costs.csv': 'day,euro\n1,2\n',
    'feb.dat': month(2, 2),
    'more.zip': zipSync({ 'march.csv': Buffer.from(month(3, 3)), 'bill.pdf': Buffer.from('%PDF') }),
  });
  assert.deepEqual([...watts], [1, 1, 2, 2, 3, 3]);
  assert.equal(
    report.notes[0],
    'read 3 of the 5 files; no exports: costs.csv; no CSV, text or XML: more.zip/bill.pdf',
  );
});

test('many months of one meter are read, and not the one larger file of another export', async () => {
  const gas = `Hour Start,Electricity 1\n${'2024-01-01T00:00Z,1\n'.repeat(5)}`;
  const { report } = await imported({
    'gas.csv': gas,
    'a.csv': month(1, 1),
    'b.csv': month(2, 2),
    'c.csv': month(3, 3),
  });
  assert.equal(report.format, 'canonical');
  assert.match(report.notes[0] ?? '', /^read 3 of the 4 files; .*: gas\.csv$/);
});

test('of a table in several steps the finest is read, and the others are named', async () => {
  const { watts, report } = await imported({
    'x-Home-1DAY.csv': month(1, 7),
    'x-Home-15MIN.csv': month(1, 1),
    'x-Home-1SEC.csv': month(2, 9),
  });
  assert.deepEqual([...watts], [1, 1]);
  assert.deepEqual(report.notes, [
    'read x-Home-15MIN.csv of the 3 files; the same in other steps: x-Home-1DAY.csv, x-Home-1SEC.csv',
  ]);
});

test('half-years are no resolution', async () => {
  const { watts } = await imported({ '2024-1H.csv': month(1, 1), '2024-2H.csv': month(7, 2) });
  assert.deepEqual([...watts], [1, 1, 2, 2]);
});

test('a row that could not be used is told with its file and its line there', async () => {
  const { report } = await imported({
    'a.csv': month(1, 1),
    'b.csv': `${month(2, 2)}yesterday,5\n`,
    'c.csv': `at,watts\nnever,5\n`,
  });
  assert.deepEqual(report.rejected.map(toldOf), [
    'b.csv line 4: expected a time, found "yesterday"',
    'c.csv line 2: expected a time, found "never"',
  ]);
  assert.deepEqual(
    report.rejected.map(({ line }) => line),
    [7, 9],
  );
});

test('a row of a file alone is told by its line', async () => {
  const { report } = await imported({ 'a.csv': `${month(1, 1)}never,5\n` });
  assert.deepEqual(report.rejected.map(toldOf), ['line 4: expected a time, found "never"']);
});

test('files of two meters are refused by name', async () => {
  const home = (watts: number): string =>
    `at,watts\n${[1, 2, 3, 4, 5].map((day) => `2024-01-0${day}T00:00:00Z,${watts}\n`).join('')}`;
  await assert.rejects(imported({ 'house.csv': home(100), 'flat.csv': home(200) }), {
    message:
      /^house\.csv and 1 more: expected files of one meter: .* 5 times told with two different values in house\.csv, flat\.csv$/,
  });
});

test('files that are called alike are named with their folders', async () => {
  const { report } = await imported({ 'one/data.csv': month(1, 1), 'two/data.csv': month(2, 2) });
  assert.equal(
    report.notes[0],
    `read as one: ${join(folder, 'one/data.csv')} from line 1, ${join(folder, 'two/data.csv')} from line 4`,
  );
});

test('a file that is named twice counts once', async () => {
  const path = join(folder, 'twice.csv');
  await writeFile(path, month(1, 1));
  const file = await openHistoryFiles([path, path]);
  const { watts, report } = await importHistory(file.chunks, { place: file.place, files: file.files });
  assert.deepEqual([[...watts], report.duplicates, report.notes], [[1, 1], 2, []]);
});

test('where the format is named, files that are not recognised are read as it too', async () => {
  const rows = (day: number): string =>
    [0, 1, 2].map((i) => `${1_704_067_200 + day * 86_400 + i * 10},5\n`).join('');
  const { report } = await imported(
    { 'a.csv': `when;what\n${rows(0)}`, 'b.csv': `when;what\n${rows(1)}` },
    { format: 'emoncms', unit: 'W' },
  );
  assert.deepEqual([report.format, report.readings], ['emoncms', 6]);
});

test('a folder is told to be one, and how to name what is in it', async () => {
  await mkdir(join(folder, 'months'), { recursive: true });
  await assert.rejects(openHistoryFiles([join(folder, 'months')]), {
    message: 'months: expected a file: name the ones in it, such as months/*.csv, found a folder',
  });
});

test('one that is not there is told by its name', async () => {
  await writeFile(join(folder, 'here.csv'), month(1, 1));
  await assert.rejects(openHistoryFiles([join(folder, 'here.csv'), join(folder, 'gone.csv')]), {
    code: 'no_file',
    message: /^gone\.csv: /,
  });
});
