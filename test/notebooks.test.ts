import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { notebookFiles, runNotebook } from '../scripts/notebooks/notebook.ts';

/** The last line of each notebook. */
const ANSWERS = new Map([
  [
    '10-meet-the-history.ipynb',
    /^Of 125 days, 12[34](?:\.\d)? can be learned from; a model of this home would be ready\.$/,
  ],
]);

/** Without settings of ours, so that every machine reads the sample house. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('LEFTON_')));

for (const file of notebookFiles()) {
  const name = basename(file);
  test(`${name} runs from top to bottom and gives its answer`, () => {
    const { output, failure } = runNotebook(file, env);
    assert.equal(failure, null, failure ?? '');
    const answer = ANSWERS.get(name);
    assert.ok(answer !== undefined, `the answer of ${name} is to be written down in this test`);
    assert.match(output.trimEnd().split('\n').at(-1) ?? '', answer);
    assert.deepEqual(
      readdirSync(dirname(file)).filter((left) => left.endsWith(`-${process.pid}.ts`)),
      [],
    );
  });

  test(`${name} is committed without outputs, for the TypeScript kernel`, () => {
    const { cells, metadata, nbformat } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly cells: readonly { readonly outputs?: unknown[]; readonly execution_count?: number | null }[];
      readonly metadata: { readonly kernelspec?: unknown };
      readonly nbformat: number;
    };
    assert.equal(nbformat, 4);
    const kernel = { name: 'tslab', display_name: 'TypeScript', language: 'typescript' };
    assert.deepEqual(metadata.kernelspec, kernel);
    for (const { outputs = [], execution_count = null } of cells) {
      assert.deepEqual(outputs, []);
      assert.equal(execution_count, null);
    }
  });
}

test('where a cell fails, its text and its error are told', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lefton-notebook-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'broken.ipynb');
  const cell = (source: string): unknown => ({ cell_type: 'code', source });
  const run = (...sources: string[]): string => {
    writeFileSync(file, JSON.stringify({ cells: sources.map(cell), nbformat: 4 }));
    return runNotebook(file, env).failure ?? '';
  };
  const thrown = run("console.log('fine');\n", "\nconst kettle = 'on';\nthrow new Error(kettle);", '1;');
  assert.match(thrown, /^broken\.ipynb, code cell 2 of 3:\n\nconst kettle = 'on';\nthrow/);
  assert.match(thrown, /Error: on/);
  const broken = run('const a = 1;', 'const b = ;');
  assert.match(broken, /^broken\.ipynb, code cell 2 of 2:\nconst b = ;/);
  assert.deepEqual(readdirSync(folder), ['broken.ipynb']);
});
