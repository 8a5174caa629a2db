import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import type { TestContext } from 'node:test';
import { withoutJupyter } from '../scripts/notebooks/for-tests.ts';
import { NOTEBOOKS, readyJupyter } from '../scripts/notebooks/jupyter.ts';
import type { Jupyter } from '../scripts/notebooks/jupyter.ts';
import { notebookFiles, runNotebook } from '../scripts/notebooks/notebook.ts';
import type { NotebookRun } from '../scripts/notebooks/notebook.ts';

/** With what each notebook ends, on the sample house, and how many pictures and tables it shows. */
const ANSWERS = new Map([
  [
    '10-meet-the-history.ipynb',
    {
      answer:
        /\n12[34](?:\.\d)? days can be learned from; .* ready\.\nWhat cannot be trusted:\n- 1\.5 % of the time is missing, in 18 gaps: .*\n- Seasons: 124 of the 365 days .*\n- 2026-03-29 has 23 hours: .*\n$/,
      shown: 2,
    },
  ],
  [
    '20-train-the-model.ipynb',
    {
      answer:
        /\n1\.5 kW is above the expected range at 5 of 24 hours: 1 2 3 4 5\n[^]*\nround 30 of 30: .* W\n[^]*table and network differ by .*\nexpected range by network: seed 1, TensorFlow\.js .* on wasm, .*\nheld out 28 days:\n[^]*\nThe network is .*\n$/,
      shown: 4,
    },
  ],
  [
    '30-choose-the-sensitivity.ipynb',
    {
      answer:
        /^.*: 23 appliances are left on in the last 28 days, [^]*\n  run lengths by network [^]*\nChampion in .*, which finds (?:0\.9\d|1\.00) .*\nA budget of 1 in 30 days finds (?:9\d|100) %, [^]*\nTo keep yours: lefton fit --false-alarms-per-month 1\.\n$/,
      shown: 2,
    },
  ],
  [
    '40-review-the-month.ipynb',
    {
      answer: /\n0 of 2 are answered; [^]*\n(?:A new model is due|The model stays)\. .*: found [^]*\n$/,
      shown: 2,
    },
  ],
]);

const skip = withoutJupyter() ?? false;

/** Where models go that the notebooks train: not to those of whoever runs the tests. */
const folder = mkdtempSync(join(tmpdir(), 'lefton-notebooks-'));
after(() => {
  rmSync(folder, { recursive: true });
});

/** Without settings of ours, so that every machine reads the sample house. */
async function jupyter(): Promise<Jupyter> {
  const { python, env } = await readyJupyter((line) => {
    process.stderr.write(`${line}\n`);
  });
  const own = Object.entries(env).filter(([name]) => !name.startsWith('LEFTON_'));
  return { python, env: { ...Object.fromEntries(own), LEFTON_TRAINED: join(folder, 'trained.json') } };
}

for (const file of notebookFiles()) {
  const name = basename(file);
  test(`${name} runs from top to bottom in Jupyter and gives its answer`, { skip }, async () => {
    const before = readFileSync(file, 'utf8');
    const { output, shown, failure } = await runNotebook(file, await jupyter());
    assert.equal(failure, null, failure ?? '');
    const wanted = ANSWERS.get(name);
    assert.ok(wanted !== undefined, `the answer of ${name} is to be written down in this test`);
    assert.match(output, wanted.answer);
    assert.equal(shown, wanted.shown);
    assert.equal(readFileSync(file, 'utf8'), before);
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

/** Runs cells as a notebook in a temporary folder of the notebooks, where their packages are found. */
async function runCells(t: TestContext, ...sources: string[]): Promise<NotebookRun> {
  const folder = mkdtempSync(join(NOTEBOOKS, '.cells-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'cells.ipynb');
  const cells = sources.map((source, i) => ({
    cell_type: 'code',
    execution_count: null,
    id: String(i),
    metadata: {},
    outputs: [],
    source,
  }));
  const kernelspec = { name: 'tslab', display_name: 'TypeScript', language: 'typescript' };
  writeFileSync(file, JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }));
  const run = await runNotebook(file, await jupyter());
  assert.deepEqual(readdirSync(folder), ['cells.ipynb']);
  return run;
}

test(
  'where a cell throws, its text and its error are told, and nothing of the cells before',
  { skip },
  async (t) => {
    const { failure } = await runCells(
      t,
      "console.log('fine');",
      "const kettle = 'on';\nthrow new Error(kettle);",
      '1;',
    );
    assert.match(failure ?? '', /^cells\.ipynb: .*\n-+\nconst kettle = 'on';\nthrow/);
    assert.match(failure ?? '', /Error: on/);
    assert.doesNotMatch(failure ?? '', /Traceback|console\.log/);
  },
);

test('where a cell does not compile, it is told with the reason', { skip }, async (t) => {
  const { failure } = await runCells(t, 'const a = 1;', "const b: number = 'kettle';");
  assert.match(
    failure ?? '',
    /const b: number = 'kettle';\n-+\n[^]*Type 'string' is not assignable to type 'number'/,
  );
});

test('where the kernel dies, it is told what to do, and nothing of Python', { skip }, async (t) => {
  const { failure } = await runCells(t, "process.kill(process.pid, 'SIGKILL');");
  assert.match(failure ?? '', /^cells\.ipynb: its kernel died, .* NODE_OPTIONS=--max-old-space-size=/);
  assert.doesNotMatch(failure ?? '', /Traceback/);
});

test(
  'danfojs and TensorFlow.js on its wasm backend work in cells, and are one TensorFlow',
  { skip },
  async (t) => {
    const { output, failure } = await runCells(
      t,
      `import * as tf from '@tensorflow/tfjs';
     import '@tensorflow/tfjs-backend-wasm';
     import { DataFrame, tensorflow } from 'danfojs-node';`,
      "const chosen = await tf.setBackend('wasm');",
      `const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
     model.compile({ optimizer: tf.train.adam(0.1), loss: 'meanSquaredError' });
     await model.fit(new DataFrame([[1], [2]]).tensor as tf.Tensor, tf.tensor2d([[2], [4]]), { verbose: 0 });
     console.log(tf.getBackend(), tensorflow.getBackend());`,
    );
    assert.equal(failure, null, failure ?? '');
    assert.equal(output, 'wasm wasm\n');
  },
);
