import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { aFolder } from '../a-service.test-data.ts';
import { readPacked, writePacked } from './packed-file.ts';

const MODULE = join(import.meta.dirname, 'packed-file.ts');
const AT = Float64Array.from({ length: 1_000 }, (_, i) => i * 60_000);
const WATTS = Float64Array.from(AT, (at) => at / 7);

async function rowsOf(file: string, rows: number): Promise<number[]> {
  const found: number[] = [];
  for await (const some of readPacked(file, rows)) found.push(...some);
  return found;
}

describe('readings as numbers in a file', () => {
  it('are not taken for written where the disk took a part of them', (t) => {
    const file = join(aFolder(t), 'packed');
    const script = `import { writePacked } from ${JSON.stringify(MODULE)};
      const at = Float64Array.from({ length: 1000 }, (_, i) => i);
      await writePacked(${JSON.stringify(file)}, { at, watts: at });`;
    // no file larger than a few blocks: the last write is cut short, the next is refused
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', 'ulimit -f 8; exec "$@"', 'sh', process.execPath, '--input-type=module', '-e', script],
      { encoding: 'utf8' },
    );
    assert.equal(status, 1);
    assert.match(stderr, /EFBIG/);
  });

  it('are read as they were written, however few bytes come at a time', async (t) => {
    const file = join(aFolder(t), 'packed');
    await writePacked(file, { at: AT, watts: WATTS });
    const whole = await rowsOf(file, 300);
    assert.deepEqual(whole.slice(-2), [AT.at(-1), WATTS.at(-1)]);
    const handle = await open(file);
    const handles = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const read = Reflect.get<FileHandle, 'read'>(handles, 'read');
    t.mock.method(handles, 'read', function (this: FileHandle, ...of: [Uint8Array, number, number, null]) {
      const [bytes, from, length, at] = of;
      return Reflect.apply(read, this, [bytes, from, Math.min(length, 37), at]) as ReturnType<typeof read>;
    });
    assert.deepEqual(await rowsOf(file, 300), whole);
  });
});
