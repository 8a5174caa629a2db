import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { openHistoryFile } from './history-file.ts';
import { importHistory } from '../import.ts';
import type { ImportOptions } from '../options.ts';
import type { ImportedHistory } from '../report.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lefton-history-'));
});
after(() => rm(folder, { recursive: true }));

async function written(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}
async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}
const TEXT = 'at,watts\n2024-01-01T00:00:00Z,1\n';

test('a plain and a gzip file give the same bytes, whatever they are called', async () => {
  const packed = gzipSync(TEXT);
  for (const [name, bytes] of [
    ['plain.csv', Buffer.from(TEXT)],
    ['packed.csv', packed],
  ] as const) {
    const file = await openHistoryFile(await written(name, bytes));
    assert.equal(await textOf(file.chunks), TEXT);
    assert.deepEqual([file.place, file.sizeBytes, file.bytesRead()], [name, bytes.length, bytes.length]);
  }
});

test('of a zip the finest useful member is read, and named', async () => {
  const zip = zipSync({
    'a/abc-Home-1DAY.csv': Buffer.from('day'),
    'a/abc-Home-1H.csv': Buffer.from('hour'),
    'a/abc-Home-15MIN.csv': Buffer.from('quarter'),
    'a/abc-Home-1SEC.csv': Buffer.from('second'),
    'readme.txt': Buffer.from('a word about all of these files, which is longer than they are'),
  });
  const file = await openHistoryFile(await written('emporia.zip', zip));
  assert.equal(await textOf(file.chunks), 'quarter');
  assert.deepEqual(file.notes, [
    'read a/abc-Home-15MIN.csv of the 5 files; the same in other steps: a/abc-Home-1DAY.csv, a/abc-Home-1H.csv, a/abc-Home-1SEC.csv; no exports: readme.txt',
  ]);
  assert.equal(file.place, 'emporia.zip/a/abc-Home-15MIN.csv');
});

test('a zip without compression is read too', async () => {
  const zip = zipSync({ 'x.csv': [Buffer.from(TEXT), { level: 0 }] });
  assert.equal(await textOf((await openHistoryFile(await written('stored.zip', zip))).chunks), TEXT);
});

test('a zip with a comment at its end is read, however long that is', async () => {
  for (const length of [1, 2, 300]) {
    const zip = Buffer.from(zipSync({ 'x.csv': Buffer.from(TEXT) }));
    zip.writeUInt16LE(length, zip.length - 2);
    const path = await written('comment.zip', Buffer.concat([zip, Buffer.alloc(length, 'c')]));
    assert.equal(await textOf((await openHistoryFile(path)).chunks), TEXT);
  }
});

test('a zip whose bytes have changed since it was packed is an error, not other numbers', async () => {
  for (const level of [0, 6] as const) {
    const text = `${TEXT}${Array.from({ length: 50 }, (_, i) => `2024-01-01T00:${i + 10}:00Z,${i}\n`).join('')}`;
    const bytes = zipSync({ 'a.csv': Buffer.from(text) }, { level });
    const at = 30 + 'a.csv'.length + 60;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    const { chunks } = await openHistoryFile(await written('changed.zip', bytes));
    await assert.rejects(textOf(chunks), { name: 'LeftOnError', code: 'bad_file' });
  }
});

test('a workbook is refused, and what to do with it is said', async () => {
  for (const inside of ['xl/workbook.xml', 'content.xml']) {
    const zip = zipSync({ [inside]: Buffer.from('<x/>'), 'xl/worksheets/sheet1.xml': Buffer.from('<x/>') });
    const path = await written('book.xlsx', zip);
    await assert.rejects(openHistoryFile(path), { code: 'bad_file', message: /save the sheet as CSV/ });
  }
});

test('what cannot be opened says so', async () => {
  await assert.rejects(openHistoryFile(join(folder, 'absent.csv')), { code: 'no_file' });
  const pdf = await written('pdf.zip', zipSync({ 'a.pdf': Buffer.from('x') }));
  await assert.rejects(openHistoryFile(pdf), { code: 'bad_file', message: /CSV/ });
  const zip = zipSync({ 'x.csv': Buffer.from(TEXT) });
  const cut = await written('cut.zip', zip.subarray(0, zip.length - 30));
  await assert.rejects(openHistoryFile(cut), { code: 'bad_file' });
});

test('a pipe says that it cannot be read twice', async () => {
  const path = join(folder, 'pipe.csv');
  execFileSync('mkfifo', [path]);
  // a writer, without which a reader waits for one
  const writer = await open(path, 'r+');
  try {
    await assert.rejects(openHistoryFile(path), {
      code: 'no_file',
      message: /store it in one.*found a pipe/,
    });
  } finally {
    await writer.close();
  }
});

test('a zip that is encrypted, packed in an unknown way, or has its directory damaged says so', async () => {
  const entry = Buffer.of(0x50, 0x4b, 0x01, 0x02);
  const end = Buffer.of(0x50, 0x4b, 0x05, 0x06);
  for (const [damage, message] of [
    [(zip: Buffer) => zip.writeUInt16LE(1, zip.indexOf(entry) + 8), /x\.csv encrypted/],
    [(zip: Buffer) => zip.writeUInt16LE(14, zip.indexOf(entry) + 10), /x\.csv packed by method 14/],
    [(zip: Buffer) => zip.writeUInt32LE(zip.length, zip.indexOf(end) + 16), /directory beyond the end/],
    [(zip: Buffer) => zip.writeUInt32LE(zip.length, zip.indexOf(entry) + 20), /x\.csv cut off/],
    [(zip: Buffer) => zip.writeUInt32LE(zip.length - 5, zip.indexOf(entry) + 42), /x\.csv cut off/],
  ] as const) {
    const zip = Buffer.from(zipSync({ 'x.csv': Buffer.from(TEXT) }));
    damage(zip);
    const path = await written('damaged.zip', zip);
    await assert.rejects(openHistoryFile(path), { code: 'bad_file', message });
  }
});

test('a gzip file cut off in the middle is an error, not a hang', async () => {
  const packed = gzipSync(TEXT.repeat(1_000));
  const file = await openHistoryFile(await written('cut.gz', packed.subarray(0, packed.length - 20)));
  await assert.rejects(textOf(file.chunks), { code: 'bad_file' });
});

test('a file that is refused is closed', async () => {
  const file = await openHistoryFile(
    await written('local.csv', Buffer.from('at,watts\n2024-01-01T00:00,1\n')),
  );
  await assert.rejects(importHistory(file.chunks, { place: file.place }), { code: 'zone_needed' });
  assert.equal((await file.chunks[Symbol.asyncIterator]().next()).done, true);
});

test('an empty file has no bytes', async () => {
  assert.equal(
    await textOf((await openHistoryFile(await written('empty.csv', new Uint8Array()))).chunks),
    '',
  );
});

/** A zip of these texts, imported as the commands do, with the notes of both. */
async function imported(
  texts: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<ImportOptions> = {},
): Promise<ImportedHistory> {
  const members = Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)] as const);
  const file = await openHistoryFile(await written('several.zip', zipSync(Object.fromEntries(members))));
  const { place, files } = file;
  const history = await importHistory(file.chunks, { place, files, ...options });
  assert.equal(file.bytesRead(), file.sizeBytes);
  return { ...history, report: { ...history.report, notes: [...file.notes, ...history.report.notes] } };
}
const month = (number: number, watts: number, heading = 'at,watts'): string =>
  `${heading}\n2024-${String(number).padStart(2, '0')}-01T00:00:00Z,${watts}\n2024-${String(number).padStart(2, '0')}-01T00:01:00Z,${watts}`;

test('months of one table in a zip are one history, and a rejected row is found by the file it stands in', async () => {
  const { watts, report } = await imported({
    '2024-10.csv': month(10, 10),
    '2024-2.csv': `${month(2, 2)}\n`,
    '2024-1.csv': month(1, 1).replace('00:01:00Z,1', '00:01:00Z,many'),
  });
  assert.deepEqual([...watts], [1, 2, 2, 10, 10]);
  assert.deepEqual([report.rows, report.duplicates, report.rejected.map(({ line }) => line)], [6, 0, [3]]);
  assert.deepEqual(report.notes.slice(0, 1), [
    'read as one: 2024-1.csv from line 1, 2024-2.csv from line 4, 2024-10.csv from line 7',
  ]);
});

test('what stands above the columns of each month is not taken for rows, and its lines count', async () => {
  const ameren = (day: number): string =>
    `Name,X,,,,,,\r\n,,,,,,,\r\nStart Interval Date/Time,Meter Id,Usage,Units,Interval,Usage,Units,Interval\r\n` +
    [0, 1].map((hour) => `01/0${day}/2024 0${hour}:00,0,${day},kwh,60min,-,-,-\r\n`).join('');
  const { watts, report } = await imported(
    { 'a.csv': ameren(1), 'b.csv': ameren(2) },
    { zone: 'America/Chicago' },
  );
  assert.deepEqual([[...watts], report.rows, report.rejected_count], [[1_000, 1_000, 2_000, 2_000], 4, 0]);
  assert.match(report.notes.join(), /a\.csv from line 1, b\.csv from line 6/);
});

test('months in the Unicode text of a spreadsheet are one history too', async () => {
  const utf16 = (text: string): Uint8Array => Buffer.from(`\uFEFF${text}`, 'utf16le');
  const { watts } = await imported({ 'a.txt': utf16(month(1, 1)), 'b.txt': utf16(month(2, 2)) });
  assert.deepEqual([...watts], [1, 1, 2, 2]);
});

test('files of other columns in a zip are left out by name, and so is what a Mac puts beside', async () => {
  const { watts, report } = await imported({
    'home/1.csv': `${month(1, 1)}\n`.repeat(2),
    'home/2.csv': month(2, 2),
    'home/costs.csv': month(2, 3, 'at,watts,meter'),
    'readme.txt': 'Thank you for your custom.',
    '__MACOSX/home/._1.csv': 'a fork',
    'home/': '',
  });
  assert.deepEqual([...watts], [1, 1, 2, 2]);
  assert.equal(
    report.notes[0],
    'read 2 of the 4 files; of other columns, for an import of their own: home/costs.csv; no exports: readme.txt',
  );
  assert.match(report.notes[1] ?? '', /^read as one: home\/1\.csv from line 1, home\/2\.csv from line 7/);
});

test('months that overlap, the last row of each not complete, are of one meter', async () => {
  const days = (from: number, last: number): string =>
    `at,watts\n${[from, from + 1, from + 2].map((day) => `2024-01-0${day}T00:00:00Z,100\n`).join('')}2024-01-0${from + 3}T00:00:00Z,${last}\n`;
  const { watts } = await imported({ 'a.csv': days(1, 7), 'b.csv': days(4, 8) });
  assert.deepEqual([...watts], [100, 100, 100, 100, 100, 100, 8]);
});

test('files of two homes in a zip are refused by name, not mixed', async () => {
  const home = (watts: number): string =>
    `at,watts\n${[1, 2, 3, 4, 5].map((day) => `2024-01-0${day}T00:00:00Z,${watts}\n`).join('')}`;
  await assert.rejects(imported({ 'house.csv': home(100), 'flat.csv': home(200) }), {
    code: 'bad_file',
    message:
      /several\.zip: expected files of one meter: .*5 times told with two different values in flat\.csv, house\.csv/,
  });
});

test('a later file that puts some hours right is of the same meter', async () => {
  const days = (mended: number): string =>
    `at,watts\n${[1, 2, 3, 4, 5, 6, 7, 8].map((day) => `2024-01-0${day}T00:00:00Z,${day <= mended ? 7 : 5}\n`).join('')}`;
  const { watts, report } = await imported({ 'a.csv': days(0), 'b.csv': days(3) });
  assert.deepEqual([...watts], [7, 7, 7, 5, 5, 5, 5, 5]);
  assert.match(report.notes.join(), /3 times come with two different values: the later row counts/);
});

test('files of two homes are refused also where both give nothing back', async () => {
  const home = (kwh: number): string =>
    `Hour Start,Electricity 1,Electricity 1 Returned\n${[1, 2, 3, 4].map((hour) => `2024-01-01T0${hour}:00:00Z,${kwh},0\n`).join('')}`;
  await assert.rejects(imported({ 'a.csv': home(1), 'b.csv': home(2) }), { message: /files of one meter/ });
});

test('a zip of a file for each day is read without a warning, and its note stays short', async (t) => {
  const warnings: Error[] = [];
  const take = (warning: Error): void => void warnings.push(warning);
  process.on('warning', take);
  t.after(() => process.off('warning', take));
  const days = Array.from({ length: 40 }, (_, i) => new Date(Date.UTC(2024, 0, 1 + i)).toISOString());
  const { watts, report } = await imported(
    Object.fromEntries(days.map((day) => [`${day.slice(0, 10)}.csv`, `at,watts\n${day},5\n`])),
  );
  assert.equal(watts.length, 40);
  assert.match(report.notes[0] ?? '', /^read as one: 2024-01-01\.csv from line 1, .*line 47 and 16 more$/);
  // warnings come after what is under way
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(warnings, []);
});

test('the three phases of a Shelly in a zip are added', async () => {
  const phase = (name: string, wh: number): string =>
    `Date/time UTC,Active energy Wh (${name})\n2024-01-02 00:00,${wh}\n2024-01-02 01:00,${wh}\n`;
  const { watts, report } = await imported({
    'em_data-0.csv': phase('A', 100),
    'em_data-1.csv': phase('B', 200),
    'em_data-2.csv': phase('C', 300),
  });
  assert.deepEqual([...watts], [600, 600]);
  assert.match(report.notes.join(), /phases A, B and C are added/);
});

/** A feed of a quarter of an hour. */
const greenButton = (start: number, wh: number): string =>
  '<feed><entry><link rel="self" href="ReadingType/1"/><content><ReadingType>' +
  '<powerOfTenMultiplier>0</powerOfTenMultiplier><uom>72</uom></ReadingType></content></entry>' +
  '<entry><link rel="self" href="UsagePoint/1/MeterReading/1/IntervalBlock/1"/><content><IntervalBlock><IntervalReading>' +
  `<timePeriod><duration>900</duration><start>${start}</start></timePeriod><value>${wh}</value>` +
  '</IntervalReading></IntervalBlock></content></entry></feed>';

test('months of Green Button in a zip are one history, byte mark or not', async () => {
  const feed = (start: number, wh: number): string => `<?xml version="1.0"?>\n${greenButton(start, wh)}`;
  const { watts, report } = await imported({
    'jan.xml': feed(1_704_067_200, 100),
    'feb.xml': `\uFEFF${feed(1_706_745_600, 200)}`,
  });
  assert.deepEqual([...watts], [400, 800]);
  assert.deepEqual(report.notes, ['read as one: feb.xml from line 1, jan.xml from line 3']);
});

test('months of Green Button in a zip are one history also without a declaration', async () => {
  const { watts, report } = await imported({
    'jan.xml': greenButton(1_704_067_200, 100),
    'feb.xml': greenButton(1_706_745_600, 200),
    'mar.xml': `<?xml version="1.0"?>\n${greenButton(1_709_251_200, 300)}`,
  });
  assert.deepEqual([...watts], [400, 800, 1_200]);
  assert.deepEqual([report.rejected, report.notes.length], [[], 1]);
});

test('what is no export is left out by name, however long it is beside the months', async () => {
  const { watts, report } = await imported({
    'terms.txt': 'These are the terms.\n'.repeat(9_999),
    'jan.csv': month(1, 1),
    'feb.csv': month(2, 2),
  });
  assert.deepEqual([...watts], [1, 1, 2, 2]);
  assert.match(report.notes.join(), /^read 2 of the 3 files; no exports: terms\.txt,/);
  const alone = await imported({ 'terms.txt': 'These are the terms.\n'.repeat(99), 'jan.csv': month(1, 1) });
  assert.deepEqual([...alone.watts], [1, 1]);
  assert.match(alone.report.notes.join(), /^read jan\.csv of the 2 files; no exports: terms\.txt$/);
});

test('what stands above the columns of each month is none of its rows, whatever ends the lines', async () => {
  for (const end of ['\r', '\n', '\r\n']) {
    const above = (text: string): string => `Export of\n"Home"\n\n${text}`.replaceAll('\n', end);
    const { watts, report } = await imported({
      'a.csv': above(month(1, 1)),
      'b.csv': above(`${month(2, 2)}\nsoon,2\n`),
    });
    assert.deepEqual([...watts], [1, 1, 2, 2], JSON.stringify(end));
    assert.deepEqual(
      report.rejected.map(({ line }) => line),
      [13],
    );
    assert.match(report.notes.join(), /b\.csv from line 7$/);
  }
});

test('a year in the name of a file is no resolution', async () => {
  const { watts } = await imported({ '2021House.csv': month(1, 1), '2022House.csv': month(2, 2) });
  assert.deepEqual([...watts], [1, 1, 2, 2]);
});

test('files of a zip that are refused leave the zip closed', async () => {
  const texts = { 'a.csv': Buffer.from(month(1, 1)), 'b.csv': Buffer.from(month(2, 2)) };
  const file = await openHistoryFile(await written('refused.zip', zipSync(texts)));
  await assert.rejects(importHistory(file.chunks, { place: file.place, format: 'sense' }), {
    code: 'unknown_format',
  });
  assert.equal((await file.chunks[Symbol.asyncIterator]().next()).done, true);
});
