import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aFolder } from '../a-service.test-data.ts';
import { writeWhole, writeWholeOf } from './whole-file.ts';

for (const [name, write] of Object.entries({
  'a text': (file: string) => {
    writeWhole(file, 'new\n');
    return Promise.resolve();
  },
  'a text as it is made': (file: string) => writeWholeOf(file, ['ne', 'w\n']),
})) {
  test(`${name} takes the place of a file, and who may read that stays as it was`, async (t) => {
    const folder = aFolder(t);
    const file = join(folder, 'out');
    await write(file);
    assert.equal(readFileSync(file, 'utf8'), 'new\n');
    for (const mode of [0o600, 0o640]) {
      writeFileSync(file, 'old');
      chmodSync(file, mode);
      await write(file);
      assert.equal(readFileSync(file, 'utf8'), 'new\n');
      assert.equal(statSync(file).mode & 0o777, mode);
    }
    assert.deepEqual(readdirSync(folder), ['out']);
  });

  test(
    `${name} is written into a file that can be written where none can be made beside it`,
    { skip: process.getuid?.() === 0 ? 'root may write everywhere' : false },
    async (t) => {
      const folder = aFolder(t);
      const file = join(folder, 'out');
      writeFileSync(file, 'old');
      chmodSync(folder, 0o500);
      try {
        await write(file);
      } finally {
        chmodSync(folder, 0o700);
      }
      assert.equal(readFileSync(file, 'utf8'), 'new\n');
    },
  );

  test(`${name} goes through a link, which stays one, also to a file that is yet to be made`, async (t) => {
    const folder = aFolder(t);
    const link = join(folder, 'link');
    symlinkSync('target', link);
    for (let times = 0; times < 2; times++) {
      await write(link);
      assert.ok(lstatSync(link).isSymbolicLink());
      assert.equal(readFileSync(join(folder, 'target'), 'utf8'), 'new\n');
      writeFileSync(join(folder, 'target'), 'old');
    }
  });
}

test('a file in the place of a folder is told as a place that cannot be written to', async (t) => {
  const file = join(aFolder(t), 'file');
  writeFileSync(file, '');
  await assert.rejects(
    writeWholeOf(join(file, 'out'), ['new']),
    /out: expected a place to write to.*ENOTDIR/,
  );
  assert.throws(() => {
    writeWhole(join(file, 'out'), 'new');
  }, /out: expected a place to write to.*ENOTDIR/);
});

test('of a long text no piece is made before the ones in front of it are written', async (t) => {
  const file = join(aFolder(t), 'long.csv');
  function* pieces(): Generator<string> {
    for (let before = 0; before < 5; before++) {
      assert.equal(statSync(`${file}.part`).size, before * 4);
      yield 'row\n';
    }
  }
  await writeWholeOf(file, pieces());
  assert.equal(readFileSync(file, 'utf8'), 'row\n'.repeat(5));
});

test('what stands for the output of the process is written to, and never replaced', async () => {
  await writeWholeOf('/dev/null', ['gone']);
  assert.ok(statSync('/dev/null').isCharacterDevice());
});
