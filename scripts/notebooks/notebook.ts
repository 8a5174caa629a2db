import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../notebooks/', import.meta.url));
const TIMEOUT_MS = 120_000;

/** What came of running a notebook. */
export interface NotebookRun {
  readonly output: string;
  /** The cell that failed and its error; null when all went well. */
  readonly failure: string | null;
}

/** The notebooks, in order of their numbers. */
export const notebookFiles = (): string[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ipynb'))
    .sort()
    .map((name) => join(FOLDER, name));

/** The code cells of a notebook (nbformat 4), in order. */
export function codeCells(file: string): string[] {
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly cells: readonly { readonly cell_type: string; readonly source: string | readonly string[] }[];
  };
  return cells
    .filter(({ cell_type }) => cell_type === 'code')
    .map(({ source }) => (typeof source === 'string' ? source : source.join('')));
}

/**
 * Runs a notebook from top to bottom without Jupyter: its code cells joined to one program, in the notebook's folder.
 * @param env of the program; LEFTON_HISTORY may name another history, relative to where this process runs
 */
export function runNotebook(file: string, env: Readonly<Record<string, string | undefined>>): NotebookRun {
  const cells = codeCells(file);
  const program = join(dirname(file), `.${basename(file, '.ipynb')}-${process.pid}.ts`);
  const { LEFTON_HISTORY: history } = env;
  writeFileSync(program, `${cells.join('\n')}\n`);
  try {
    const { error, status, signal, stdout, stderr } = spawnSync(process.execPath, [program], {
      cwd: dirname(file),
      env: history === undefined ? env : { ...env, LEFTON_HISTORY: resolve(history) },
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
    });
    if (status === 0) return { output: stdout, failure: null };
    const ended = error?.message ?? signal ?? `exit code ${String(status)}`;
    return { output: stdout, failure: told(basename(file), cells, basename(program), `${ended}\n${stderr}`) };
  } finally {
    rmSync(program, { force: true });
  }
}

/** The error, and before it the cell that it names by a line of the program. */
function told(name: string, cells: readonly string[], program: string, error: string): string {
  const after = error.split(`${program}:`)[1];
  let line = after === undefined ? NaN : Number.parseInt(after, 10);
  const index = cells.findIndex((cell) => (line -= cell.split('\n').length) <= 0);
  const cell = cells[index];
  const place = cell === undefined ? name : `${name}, code cell ${index + 1} of ${cells.length}:\n${cell}\n`;
  return `${place}\n${error.trim()}`;
}
