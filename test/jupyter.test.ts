import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../scripts/kafka/port.ts';
import { withoutJupyter } from '../scripts/notebooks/for-tests.ts';
import { jupyterEnvironment, readyJupyter } from '../scripts/notebooks/jupyter.ts';
import { notebookFiles, runNotebook } from '../scripts/notebooks/notebook.ts';
import { aFolder } from '../service/src/a-service.test-data.ts';
import { anImage, instructionsOf, stagesOf } from './a-dockerfile.test-data.ts';

const PATIENCE_MS = 60_000;
const DOCKERFILE = 'notebooks/Dockerfile';
const TOKEN = 'made-up-for-the-tests';

const skip = withoutJupyter() ?? false;

test('what notebooks/Dockerfile installs and copies is enough to run every notebook', { skip }, async (t) => {
  const image = anImage(t, DOCKERFILE);
  const { python } = await readyJupyter(() => undefined);
  const notebooks = join(image, 'notebooks');
  const { PATH, JUPYTER_PATH } = jupyterEnvironment(notebooks);
  const env = { PATH, HOME: aFolder(t), JUPYTER_PATH, NODE_ENV: 'production' };

  for (const file of notebookFiles()) {
    await t.test(`the image runs ${basename(file)}`, async () => {
      const { output, shown, failure } = await runNotebook(join(notebooks, basename(file)), { python, env });
      assert.equal(failure, null, failure ?? '');
      assert.ok(output !== '' && shown > 0);
    });
  }

  await t.test(
    'the image starts JupyterLab with the TypeScript kernel, for who knows the token, and stops cleanly',
    async (t) => {
      const [entry = '[]'] = stagesOf(DOCKERFILE).flatMap((stage) => instructionsOf(stage, 'ENTRYPOINT'));
      const [jupyter, lab, ...words] = JSON.parse(entry) as string[];
      assert.deepEqual([jupyter, lab], ['jupyter', 'lab']);
      const port = await freePort();
      const args = words.map((word) => word.replace('8888', String(port)).replace('0.0.0.0', '127.0.0.1'));
      // the image's user is not root; whoever runs the tests may be
      const server = spawn(python, ['-m', 'jupyterlab', ...args, '--allow-root'], {
        cwd: image,
        env: { ...env, JUPYTER_TOKEN: TOKEN },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      for (const stream of [server.stdout, server.stderr])
        stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const ended = once(server, 'close');
      t.after(() => server.kill('SIGKILL'));

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
        assert.ok(performance.now() < deadline && server.exitCode === null, said);
        await setTimeout(100);
      }
      assert.equal((await get('/api/kernelspecs')).status, 403);
      assert.equal((await get('/api/kernelspecs', 'guessed')).status, 403);
      assert.match(await (await get('/api/kernelspecs', TOKEN)).text(), /"tslab"/);
      const [first = ''] = notebookFiles();
      const served = await get(`/files/notebooks/${basename(first)}`, TOKEN);
      assert.equal(await served.text(), readFileSync(first, 'utf8'));

      server.kill('SIGTERM');
      assert.deepEqual(await ended, [0, null], said);
    },
  );
});
