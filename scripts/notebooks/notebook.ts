import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { NOTEBOOKS } from './jupyter.ts';
import type { Jupyter } from './jupyter.ts';

/** Seconds that one cell may take: on a slow machine networks take minutes. */
const CELL_S = 1200;
const FAILED = 'CellExecutionError: ';
/** The kernel reads its sockets while it still binds them: now and then one is lost, and it never answers. */
const MUTE_KERNEL = "Kernel didn't respond";
const MOST_STARTS = 3;
/** What nbclient says of a process that ended, and what is mostly the reason. */
const DEAD_KERNEL = 'Kernel died';
const OUT_OF_MEMORY =
  'its kernel died, mostly because memory ran out: read a shorter history, or give it more by NODE_OPTIONS=--max-old-space-size=8000 (MB)';

/** What came of running a notebook. */
export interface NotebookRun {
  /** What its cells printed. */
  readonly output: string;
  /** How many pictures and tables it shows. */
  readonly shown: number;
  /** The cell that failed, what it printed and its error; null when all went well. */
  readonly failure: string | null;
}

interface Output {
  readonly output_type?: string;
  readonly name?: string;
  readonly text?: string | readonly string[];
}

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly outputs?: readonly Output[];
}

const cellsOf = (json: string): readonly Cell[] => (JSON.parse(json) as { cells: readonly Cell[] }).cells;

/** The notebooks, in order of their numbers. */
export const notebookFiles = (): string[] =>
  readdirSync(NOTEBOOKS)
    .filter((name) => name.endsWith('.ipynb'))
    .sort()
    .map((name) => join(NOTEBOOKS, name));

/** The code cells of a notebook (nbformat 4), in order. */
export const codeCells = (file: string): string[] =>
  cellsOf(readFileSync(file, 'utf8'))
    .filter(({ cell_type }) => cell_type === 'code')
    .map(({ source }) => (typeof source === 'string' ? source : source.join('')));

/** Runs a notebook from top to bottom in Jupyter, without a window; the file stays as it is. */
export async function runNotebook(file: string, jupyter: Jupyter): Promise<NotebookRun> {
  for (let starts = 1; ; starts++) {
    const run = await execute(file, jupyter);
    if (starts === MOST_STARTS || run.failure?.includes(MUTE_KERNEL) !== true) return run;
  }
}

async function execute(file: string, { python, env }: Jupyter): Promise<NotebookRun> {
  const args = ['-m', 'nbconvert', '--to', 'notebook', '--execute', '--stdout', '--log-level=ERROR'];
  const child = spawn(python, [...args, `--ExecutePreprocessor.timeout=${CELL_S}`, file], {
    cwd: dirname(file),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let executed = '';
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (executed += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) return { output: '', shown: 0, failure: `${basename(file)}: ${told(said)}` };
  const outputs = cellsOf(executed).flatMap((cell) => cell.outputs ?? []);
  return {
    output: outputs.flatMap(({ text = '' }) => text).join(''),
    shown: outputs.filter(({ output_type }) => output_type === 'display_data').length,
    failure: null,
  };
}

/** Of what nbconvert says the part about the cell; all of it where no cell is to blame. */
function told(said: string): string {
  if (said.includes(DEAD_KERNEL)) return OUT_OF_MEMORY;
  const from = said.lastIndexOf(FAILED);
  return (
    (from < 0 ? said : said.slice(from + FAILED.length))
      .split('\n')
      .filter((line) => !/^ {4}at .*(?:node:|\/tslab\/)/.test(line))
      // each line of a compiler's message is a stream of its own
      .filter((line, i, lines) => line !== '----- stderr -----' || !lines.slice(0, i).includes(line))
      .join('\n')
      .trim()
  );
}
