import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { missingJupyter, NOTEBOOKS, readyJupyter } from './jupyter.ts';
import { notebookFiles, runNotebook } from './notebook.ts';

const HELP = `usage: npm run notebooks [-- OPTIONS OF JUPYTER LAB]
       npm run notebooks:run [-- PART-OF-A-NAME]

The first opens Jupyter with the notebooks and the TypeScript kernel. The second runs the notebooks from top to bottom
without a window and prints what their cells print. Both install what is missing.
They read the sample house, or a home of your own, in its zone; 40 reads a service:

  LEFTON_HISTORY=home.csv LEFTON_ZONE=Europe/Paris npm run notebooks:run
  LEFTON_HISTORY=home.csv LEFTON_ZONE=Europe/Paris LEFTON_TRAINED=models/home.json npm run notebooks:run -- 20
  LEFTON_HISTORY=home.csv LEFTON_ZONE=Europe/Paris LEFTON_BUDGET=2 npm run notebooks:run -- 30
  LEFTON_DB=lefton.db LEFTON_MODEL=models/home.json npm run notebooks:run -- 40

Exit code 0; 1 when a cell failed, no notebook has such a name or Jupyter cannot be installed.`;

/** No other kernel is offered: the notebooks are TypeScript. */
const ONE_KERNEL = [
  '--KernelSpecManager.allowed_kernelspecs=tslab',
  '--MultiKernelManager.default_kernel_name=tslab',
];

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function open(args: readonly string[]): Promise<number> {
  const { python, env } = await readyJupyter(say);
  const own = process.getuid?.() === 0 ? ['--allow-root'] : [];
  const lab = spawn(python, ['-m', 'jupyterlab', ...ONE_KERNEL, ...own, ...args], {
    cwd: NOTEBOOKS,
    env,
    stdio: 'inherit',
  });
  // a terminal sends Ctrl-C to both, and Jupyter asks what is meant
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => lab.kill('SIGTERM'));
  return new Promise((resolve) => {
    lab.on('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

async function runAll([part = '']: readonly string[]): Promise<number> {
  const files = notebookFiles().filter((file) => basename(file).includes(part));
  if (files.length === 0) {
    say(`There is no notebook with ${part} in its name.`);
    return 1;
  }
  const jupyter = await readyJupyter(say);
  let failed = 0;
  for (const file of files) {
    console.log(`--- ${basename(file)}\n`);
    const begun = performance.now();
    say(`${basename(file)} runs; what it prints comes at its end.`);
    const { output, shown, failure } = await runNotebook(file, jupyter);
    if (failure === null) {
      const seconds = Math.round((performance.now() - begun) / 1000);
      console.log(`${output}\n(${shown} pictures and tables, in ${seconds} s)\n`);
      continue;
    }
    say(failure);
    failed = 1;
  }
  return failed;
}

const [command, ...args] = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(HELP);
} else {
  const missing = missingJupyter();
  if (missing !== undefined) say(missing);
  process.exitCode = missing !== undefined ? 1 : command === 'open' ? await open(args) : await runAll(args);
}
