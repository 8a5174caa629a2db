import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { openHistoryFile } from './history-file.ts';
import { importHistory } from './import.ts';

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
    'readme.pdf': Buffer.from('no'),
  });
  const file = await openHistoryFile(await written('emporia.zip', zip));
  assert.equal(await textOf(file.chunks), 'quarter');
  assert.deepEqual(file.notes, ['read a/abc-Home-15MIN.csv of the 5 files in the zip']);
  assert.equal(file.place, 'emporia.zip/a/abc-Home-15MIN.csv');
});

test('a zip without compression is read too', async () => {
  const zip = zipSync({ 'x.csv': [Buffer.from(TEXT), { level: 0 }] });
  assert.equal(await textOf((await openHistoryFile(await written('stored.zip', zip))).chunks), TEXT);
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
