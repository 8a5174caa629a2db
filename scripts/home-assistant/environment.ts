import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { python } from './needed.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const NAME = 'home-assistant-2024.3.3-py3.11';
const AGAIN_MS = 500;

/**
 * The Python that has Home Assistant, made once for all clones of this user: some 700 MB in the cache folder.
 * @param say hears what is done, where anything is
 * @throws Error with what pip said
 */
export async function homeAssistantPython(say: (line: string) => void): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lefton');
  const pinned = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 8);
  const folder = join(cache, `${NAME}-${pinned}`);
  const found = join(folder, 'bin', 'python');
  if (existsSync(found)) return found;
  mkdirSync(cache, { recursive: true });
  const release = await locked(join(cache, `${NAME}.lock`), say);
  try {
    // somebody else may have made it meanwhile
    if (!existsSync(found)) await install(folder, say);
  } finally {
    release();
  }
  return found;
}

/** Holds the lock until released; the system lets go of it when this process dies. */
async function locked(file: string, say: (line: string) => void): Promise<() => void> {
  const lock = new DatabaseSync(file, { timeout: 0 });
  for (let first = true; ; first = false) {
    try {
      lock.exec('BEGIN EXCLUSIVE');
      return () => {
        lock.close();
      };
    } catch (error) {
      // 5: SQLITE_BUSY
      if (!(error instanceof Error && 'errcode' in error && error.errcode === 5)) throw error;
      if (first) say('Another process is installing Home Assistant; waiting for it ...');
      await setTimeout(AGAIN_MS);
    }
  }
}

/** Builds beside and renames, so that what is there is whole. */
async function install(folder: string, say: (line: string) => void): Promise<void> {
  const base = python();
  if (base === undefined) throw new Error('there is no Python for Home Assistant');
  const fresh = mkdtempSync(join(dirname(folder), 'installing-'));
  try {
    say(`Installing Home Assistant in ${folder}; once, for about a minute ...`);
    await run(base, ['-m', 'venv', fresh], () => undefined);
    const quiet = ['--disable-pip-version-check', '--no-input', '--progress-bar', 'off'];
    // each line is pinned, so nothing is left to resolve
    const args = ['-m', 'pip', 'install', ...quiet, '--no-deps', '-r', REQUIREMENTS];
    let collected = 0;
    await run(join(fresh, 'bin', 'python'), args, (line) => {
      if (line.startsWith('Collecting ') && ++collected % 20 === 0) say(`  ${collected} packages ...`);
      else if (line.startsWith('Installing ')) say('  unpacking ...');
    });
    renameSync(fresh, folder);
    say('Home Assistant is installed.');
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
