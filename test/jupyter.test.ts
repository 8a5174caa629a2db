import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../scripts/kafka/port.ts';
import { notebookFiles, runNotebook } from '../scripts/notebooks/notebook.ts';
import { aFolder } from '../service/src/a-service.test-data.ts';
import { anImage, instructionsOf, stagesOf } from './a-dockerfile.test-data.ts';

const PATIENCE_MS = 60_000;
const DOCKERFILE = 'notebooks/Dockerfile';
const TOKEN = 'made-up-for-the-tests';

const skip =
  spawnSync('jupyter', ['nbconvert', '--version']).status === 0
    ? false
    : 'JupyterLab runs the notebooks: pip install --requirement notebooks/jupyter/requirements.txt';

interface Output {
  readonly name?: string;
  readonly text?: string | readonly string[];
}

/** What the cells of an executed notebook have printed. */
function printed(notebook: string): string {
  const { cells } = JSON.parse(notebook) as {
    readonly cells: readonly { readonly outputs?: readonly Output[] }[];
  };
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  return outputs.flatMap(({ text = '' }) => text).join('');
}

test('what notebooks/Dockerfile installs and copies', { skip }, async (t) => {
  const image = anImage(t, DOCKERFILE);
  const { PATH = '' } = process.env;
  const kernel = join(image, 'notebooks', 'node_modules', '.bin');
  const env = {
    PATH: [kernel, dirname(process.execPath), PATH].join(delimiter),
    HOME: aFolder(t),
    JUPYTER_PATH: join(image, 'notebooks', 'jupyter'),
    NODE_ENV: 'production',
  };

  for (const file of notebookFiles()) {
    await t.test(`is enough for ${basename(file)}, which prints in Jupyter what it prints without`, () => {
      const path = join(image, 'notebooks', basename(file));
      const args = ['nbconvert', '--to', 'notebook', '--execute', '--stdout', path];
      const run = spawnSync('jupyter', args, { cwd: image, env, encoding: 'utf8', timeout: PATIENCE_MS });
      assert.equal(run.status, 0, run.stderr);
      const own = Object.entries(process.env).filter(([name]) => !name.startsWith('LEFTON_'));
      assert.equal(printed(run.stdout), runNotebook(file, Object.fromEntries(own)).output);
    });
  }

  await t.test(
    'starts JupyterLab with the TypeScript kernel, for who knows the token, and stops cleanly',
    async (t) => {
      const [entry = '[]'] = stagesOf(DOCKERFILE).flatMap((stage) => instructionsOf(stage, 'ENTRYPOINT'));
      const [jupyter = '', ...words] = JSON.parse(entry) as string[];
      const port = await freePort();
      const args = words.map((word) => word.replace('8888', String(port)).replace('0.0.0.0', '127.0.0.1'));
      // the image's user is not root; whoever runs the tests may be
      const lab = spawn(jupyter, [...args, '--allow-root'], {
        cwd: image,
        env: { ...env, JUPYTER_TOKEN: TOKEN },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      for (const stream of [lab.stdout, lab.stderr])
        stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const ended = once(lab, 'close');
      t.after(() => lab.kill('SIGKILL'));

      const get = (path: string, token?: string): Promise<Response> =>
        fetch(`http://127.0.0.1:${port}${path}`, {
          headers: token === undefined ? {} : { authorization: `token ${token}` },
        });
      const deadline = performance.now() + PATIENCE_MS;
      const answers = (): Promise<boolean> =>
        get('/api/status', TOKEN).then(
          ({ ok }) => ok,
          () => false,
        );
      while (!(await answers())) {
        assert.ok(performance.now() < deadline && lab.exitCode === null, said);
        await setTimeout(100);
      }
      assert.equal((await get('/api/kernelspecs')).status, 403);
      assert.equal((await get('/api/kernelspecs', 'guessed')).status, 403);
      assert.match(await (await get('/api/kernelspecs', TOKEN)).text(), /"tslab"/);
      const [first = ''] = notebookFiles();
      const served = await get(`/files/notebooks/${basename(first)}`, TOKEN);
      assert.equal(await served.text(), readFileSync(first, 'utf8'));

      lab.kill('SIGTERM');
      assert.deepEqual(await ended, [0, null], said);
    },
  );
});
