import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { locked } from './lock.ts';

/** A Python program from the package index and all that comes with it. */
export interface PythonProgram {
  /** For people: `Home Assistant`. */
  readonly title: string;
  /** Of its folder, with the versions that matter: `home-assistant-2024.3.3-py3.11`. */
  readonly name: string;
  /** A requirements file in which every line is pinned, so that nothing is left to resolve. */
  readonly requirements: string;
  /** The command of the Python that it is installed for. */
  readonly base: string;
}

/** Where a program is, or will be: in the cache folder, one for all clones of this user. */
export function environmentOf({ name, requirements }: Pick<PythonProgram, 'name' | 'requirements'>): string {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lefton');
  const pinned = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 8);
  return join(cache, `${name}-${pinned}`);
}

/**
 * The Python that has a program, made where it is missing. Use it as `python -m PROGRAM`: the commands beside it name
 * the folder that they were made in.
 * @param say hears what is done, where anything is
 * @throws Error with what pip said
 */
export async function pythonEnvironment(
  program: PythonProgram,
  say: (line: string) => void,
): Promise<string> {
  const folder = environmentOf(program);
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return python;
  mkdirSync(dirname(folder), { recursive: true });
  const release = await locked(join(dirname(folder), `${program.name}.lock`), program.title, say);
  try {
    // somebody else may have made it meanwhile
    if (!existsSync(python)) await install(program, folder, say);
  } finally {
    release();
  }
  return python;
}

/** Builds beside and renames, so that what is there is whole. */
async function install(
  { title, requirements, base }: PythonProgram,
  folder: string,
  say: (line: string) => void,
): Promise<void> {
  const fresh = mkdtempSync(join(dirname(folder), 'installing-'));
  try {
    say(`Installing ${title} in ${folder}; once, for about a minute ...`);
    await run(base, ['-m', 'venv', fresh], () => undefined);
    const quiet = ['--disable-pip-version-check', '--no-input', '--progress-bar', 'off'];
    const args = ['-m', 'pip', 'install', ...quiet, '--no-deps', '-r', requirements];
    let collected = 0;
    await run(join(fresh, 'bin', 'python'), args, (line) => {
      if (line.startsWith('Collecting ') && ++collected % 20 === 0) say(`  ${collected} packages ...`);
      else if (line.startsWith('Installing ')) say('  unpacking ...');
    });
    renameSync(fresh, folder);
    say(`${title} is installed.`);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function run(command: string, args: readonly string[], hear: (line: string) => void): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const orphan = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', orphan);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    const text = chunk.toString();
    said += text;
    for (const line of text.split('\n')) hear(line);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  process.removeListener('exit', orphan);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${said.slice(-4_000)}`);
}
