import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, matchesGlob, relative } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const INSTALL_MS = 120_000;

/** One line of a Dockerfile, lines that go on joined: `COPY core core`. */
export interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** What stands from one FROM to the next. */
export interface Stage {
  readonly base: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** What a COPY brings, and whither. */
export interface Copy {
  /** The stage that it takes from; undefined: the repository. */
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
}

/** All Dockerfiles, from the root. */
export const dockerfiles = (): string[] => globSync('*/Dockerfile', { cwd: root }).sort();

export function stagesOf(dockerfile: string): Stage[] {
  const text = readFileSync(join(root, dockerfile), 'utf8').replaceAll(/^\s*#.*\n/gm, '');
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  for (const line of text.replaceAll(/\\\n\s*/g, '').split('\n')) {
    const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    const [, base, name] = word === 'FROM' ? (/^(\S+)(?: AS (\S+))?$/.exec(rest) ?? []) : [];
    if (base !== undefined) stages.push({ base, name, instructions: [] });
    else if (word !== '') stages.at(-1)?.instructions.push({ word, rest });
  }
  return stages;
}

export const instructionsOf = ({ instructions }: Stage, word: string): string[] =>
  instructions.filter((each) => each.word === word).map(({ rest }) => rest);

export function copyOf(rest: string): Copy {
  const words = rest.split(/\s+/);
  const from = words.find((each) => each.startsWith('--from='))?.slice('--from='.length);
  const paths = words.filter((each) => !each.startsWith('--'));
  return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
}

/** What is left of the repository when .dockerignore has had its say. */
export function sent(path: string): boolean {
  const lines = readFileSync(join(root, '.dockerignore'), 'utf8').trimEnd().split('\n');
  let isSent = true;
  // the last pattern that matches decides
  for (const line of lines.filter((each) => !each.startsWith('#'))) {
    const pattern = line.replace(/^!/, '');
    if (matchesGlob(path, pattern) || matchesGlob(path, `${pattern}/**`)) isSent = line.startsWith('!');
  }
  return isSent;
}

/**
 * What the image holds in /lefton, in a temporary folder: the COPYs and `npm ci`s of its stages are done as they stand.
 * Other commands want the image's own system, and are left out.
 */
export function anImage(t: Pick<TestContext, 'after'>, dockerfile: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'lefton-image-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const stages = stagesOf(dockerfile);
  const folderOf = (name: string): string => join(folder, name);
  for (const [index, { base, name = String(index), instructions }] of stages.entries()) {
    if (stages.some((stage) => stage.name === base))
      cpSync(folderOf(base), folderOf(name), { recursive: true, verbatimSymlinks: true });
    else mkdirSync(folderOf(name));
    for (const { word, rest } of instructions) {
      if (word === 'COPY') copied(folderOf(name), copyOf(rest), folderOf);
      if (word === 'RUN' && rest.startsWith('npm ci')) installed(folderOf(name), rest);
    }
  }
  return folderOf(stages.at(-1)?.name ?? String(stages.length - 1));
}

function copied(to: string, { from, sources, target }: Copy, folderOf: (name: string) => string): void {
  const base = from === undefined ? root : folderOf(from);
  // what comes from elsewhere in another stage is the system's
  for (const source of sources.filter((each) => !each.startsWith('/') || each.startsWith('/lefton'))) {
    const path = join(base, source.replace(/^\/lefton\/?/, ''));
    // of a folder Docker copies what is in it
    const into = statSync(path).isFile() && (sources.length > 1 || target.endsWith('/'));
    cpSync(path, into ? join(to, target, basename(path)) : join(to, target), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (each) => from !== undefined || sent(relative(root, each)),
    });
  }
}

function installed(folder: string, command: string): void {
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}` };
  const options = { cwd: folder, env, encoding: 'utf8', timeout: INSTALL_MS } as const;
  const { status, stderr } = spawnSync('sh', ['-c', command], options);
  if (status !== 0) throw new Error(`${command} ended with ${String(status)}:\n${stderr}`);
}
