import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { environmentOf, pythonEnvironment } from '../python/environment.ts';
import type { PythonProgram } from '../python/environment.ts';
import { locked } from '../python/lock.ts';

/** Where the notebooks and what they need are. */
export const NOTEBOOKS = fileURLToPath(new URL('../../notebooks', import.meta.url));
const ROOT = dirname(NOTEBOOKS);
const REQUIREMENTS = join(NOTEBOOKS, 'jupyter', 'requirements.txt');
const LOCK = join(ROOT, 'node_modules', '.cache', 'notebooks.lock');
/** Holds the hash of the lock file that was installed. */
const MARK = join(NOTEBOOKS, 'node_modules', '.installed');
const TYPESCRIPT = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
const PYTHONS = ['python3', '/usr/bin/python3', 'python3.13', 'python3.12', 'python3.11'];

const right = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))';
const version = 'import sys; print("%d.%d" % sys.version_info[:2])';

/** Jupyter for the Python of this machine; undefined where there is none that is right. */
function program(): PythonProgram | undefined {
  const base = PYTHONS.find((name) => spawnSync(name, ['-c', right], { stdio: 'ignore' }).status === 0);
  if (base === undefined) return undefined;
  const numbers = spawnSync(base, ['-c', version], { encoding: 'utf8' }).stdout.trim();
  return { title: 'Jupyter', name: `jupyter-py${numbers}`, requirements: REQUIREMENTS, base };
}

/** Why Jupyter cannot run here, and what to do; undefined where it can. */
export const missingJupyter = (): string | undefined =>
  program() === undefined
    ? 'Jupyter needs Python 3.11 or newer with venv: apt-get install python3 python3-venv'
    : undefined;

/** True where nothing has to be installed any more. */
export function jupyterIsInstalled(): boolean {
  const wanted = program();
  return wanted !== undefined && existsSync(environmentOf(wanted)) && packagesAreInstalled();
}

/** Jupyter with the TypeScript kernel, and what a process needs to run it. */
export interface Jupyter {
  readonly python: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Installs what is missing: Jupyter in the cache folder, the notebooks' packages beside them, the types of core.
 * @param say hears what is done, where anything is
 * @throws Error with what went wrong
 */
export async function readyJupyter(say: (line: string) => void): Promise<Jupyter> {
  const wanted = program();
  if (wanted === undefined) throw new Error(missingJupyter());
  const python = await pythonEnvironment(wanted, say);
  mkdirSync(dirname(LOCK), { recursive: true });
  const release = await locked(LOCK, 'what the notebooks need', say);
  try {
    if (!packagesAreInstalled()) await installPackages(say);
    // tslab reads the types of core, history and lib; without a change this takes a second
    await run(process.execPath, [TYPESCRIPT, '-b', 'history', 'notebooks/lib']);
  } finally {
    release();
  }
  return { python, env: jupyterEnvironment(NOTEBOOKS) };
}

/**
 * Where Jupyter finds the kernel, and the kernel its Node, for notebooks that lie in this folder. Paths of our settings
 * are relative to where this process runs, and notebooks run elsewhere.
 */
export function jupyterEnvironment(folder: string): Record<string, string | undefined> {
  const { PATH = '' } = process.env;
  const paths = ['LEFTON_HISTORY', 'LEFTON_DB', 'LEFTON_MODEL', 'LEFTON_TRAINED', 'LEFTON_WINDOWS'].flatMap(
    (name) => {
      const path = process.env[name];
      return path === undefined ? [] : [[name, resolve(path)] as const];
    },
  );
  return {
    ...process.env,
    ...Object.fromEntries(paths),
    PATH: [join(folder, 'node_modules', '.bin'), dirname(process.execPath), PATH].join(delimiter),
    JUPYTER_PATH: join(folder, 'jupyter'),
  };
}

const lockOf = (): string =>
  createHash('sha256')
    .update(readFileSync(join(NOTEBOOKS, 'package-lock.json')))
    .digest('hex');

const packagesAreInstalled = (): boolean => existsSync(MARK) && readFileSync(MARK, 'utf8') === lockOf();

async function installPackages(say: (line: string) => void): Promise<void> {
  say('Installing the packages of the notebooks in notebooks/node_modules: some 440 MB ...');
  await run('npm', ['ci', '--prefix', NOTEBOOKS]);
  // written last, so that an installation that was cut off is done again
  writeFileSync(MARK, lockOf());
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${said.slice(-4_000)}`);
}
