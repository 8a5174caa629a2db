import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder } from '../a-service.test-data.ts';
import { Upload } from './upload.ts';

const EXPORT = Buffer.from(Array.from({ length: 5_000 }, (_, i) => `${i},${i % 7}\n`).join(''));

/** A disk that takes so many bytes more, the last write of them cut short, until there is room again. */
async function aDisk(t: TestContext, folder: string, room: number): Promise<{ room: number }> {
  const disk = { room };
  const file = await open(join(folder, 'any'), 'w');
  const handles = Object.getPrototypeOf(file) as FileHandle;
  await file.close();
  const write = Reflect.get<FileHandle, 'write'>(handles, 'write');
  t.mock.method(handles, 'write', async function (this: FileHandle, ...of: [Buffer, number, number, number]) {
    const [bytes, from, length, at] = of;
    const fits = Math.min(length, disk.room);
    if (fits === 0) throw new Error('ENOSPC: no space left on device, write');
    disk.room -= fits;
    return Reflect.apply(write, this, [bytes, from, fits, at]) as ReturnType<typeof write>;
  });
  return disk;
}

describe('an upload', () => {
  it('is the file that was sent, also after a disk that was full half way', async (t) => {
    const folder = aFolder(t);
    const disk = await aDisk(t, folder, 12_345);
    const upload = new Upload(join(folder, 'upload'), 'export.csv', EXPORT.length);
    await assert.rejects(upload.take(Readable.from([EXPORT.subarray(0, 9_000), EXPORT.subarray(9_000)]), 0), {
      code: 'upload_cut',
    });
    assert.equal(upload.received, 12_345);
    disk.room = Infinity;
    await upload.take(Readable.from([EXPORT.subarray(upload.received)]), upload.received);
    assert.ok(upload.isWhole);
    assert.ok(readFileSync(upload.file).equals(EXPORT));
  });

  it('takes the same part again without writing it twice', async (t) => {
    const upload = new Upload(join(aFolder(t), 'upload'), 'export.csv', EXPORT.length);
    await upload.take(Readable.from([EXPORT.subarray(0, 9_000)]), 0);
    await upload.take(Readable.from([EXPORT.subarray(0, 7_000), EXPORT.subarray(7_000)]), 0);
    assert.ok(readFileSync(upload.file).equals(EXPORT));
  });
});
