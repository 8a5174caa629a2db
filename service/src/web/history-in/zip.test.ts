import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openHistoryFile } from '@lefton/history';
import { zipOf } from './zip.ts';

test('files become a zip that the importer reads, in the order of their names, whatever these are', async () => {
  const files = ['10 März.csv', '2.csv', 'note.pdf'].map(
    (name, i) => new File([`at,watts\n2024-01-0${i + 1}T00:00:00Z,${i}\n`], name),
  );
  const zip = await zipOf(files);
  assert.equal(zip.name, '2.csv (+2)');
  const path = join(mkdtempSync(join(tmpdir(), 'lefton-zip-')), 'x.zip');
  writeFileSync(path, await zip.bytes());
  const file = await openHistoryFile(path);
  const parts: Uint8Array[] = [];
  for await (const part of file.chunks) parts.push(part);
  assert.match(Buffer.concat(parts).toString(), /^at,watts\n.*,1\nat,watts\n.*,0\n$/);
  assert.deepEqual(file.notes, [
    'read 2 of the 3 files; no CSV, text or XML: note.pdf',
    'read as one: 2.csv from line 1, 10 März.csv from line 3',
  ]);
});
