import { LeftOnError } from '@lefton/core';
import { peek, slices } from './chunks.ts';
import { detect } from '../detect.ts';
import type { FoundTable } from '../detect.ts';
import { readHead } from './head.ts';
import { listed } from '../listed.ts';
import type { OpenStretch } from './stretch.ts';

/** Emporia's files, the finest useful one first: of seconds it keeps hours, of minutes a week. */
const FINEST_FIRST = ['15MIN', '1H', '1MIN', '1SEC', '1DAY'].map(
  (span) => new RegExp(`(?<![a-z0-9])${span}(?![a-z0-9])`, 'i'),
);
/** Years of a file per day. */
const MOST_FILES = 4_000;

/** A file that may be read: one that a person names, or a member of a zip. */
export interface OneFile {
  readonly name: string;
  /** Bytes after unpacking, as far as is known. */
  readonly sizeBytes: number;
  /** Bytes on the disk. */
  readonly packedBytes: number;
  /** To be read once each time. */
  readonly open: () => OpenStretch;
}

/** A file that is read. */
interface ChosenFile {
  readonly file: OneFile;
  /** Lines before the one that names the columns. */
  readonly preamble: number;
}

/** What is read of several files: one, or several as one history. */
export interface FileChoice {
  /** In the order in which they came; at least one. */
  readonly chosen: readonly ChosenFile[];
  /** What was left out, for people: "no exports: readme.txt". */
  readonly left: readonly string[];
}

/**
 * Chooses the tables of the same columns, or feeds of Green Button, that are most of the bytes; of a table in several
 * steps the finest useful one.
 * @param format name of a format, where a person says what they are.
 */
export async function chooseFiles(
  files: readonly OneFile[],
  format: string | undefined,
): Promise<FileChoice> {
  const finest = finestOf(files);
  const best = [...finest].sort(finestFirst).slice(0, 1);
  const only = finest.length === 1 || finest.length > MOST_FILES;
  const groups = only ? [] : await groupsOf(finest, format);
  const alike = largest(groups);
  const chosen = alike.length === 0 ? best.map((file) => ({ file, preamble: 0 })) : alike;
  const others = groups
    .flatMap((group) => (group.chosen === alike ? [] : group.chosen))
    .map(({ file }) => file);
  const known = [...chosen.map(({ file }) => file), ...others];
  return {
    chosen,
    left: [
      ...told('of other columns, for an import of their own', others),
      ...told(
        'the same in other steps',
        files.filter((file) => !finest.includes(file)),
      ),
      ...told(
        finest.length > MOST_FILES ? 'too many for one history' : 'no exports',
        finest.filter((file) => !known.includes(file)),
      ),
    ],
  };
}

const told = (what: string, files: readonly OneFile[]): string[] =>
  files.length === 0 ? [] : [`${what}: ${listed(files.map(({ name }) => name))}`];

const finestFirst = (a: OneFile, b: OneFile): number =>
  rank(a.name) - rank(b.name) || b.sizeBytes - a.sizeBytes;

function rank(name: string): number {
  const index = FINEST_FIRST.findIndex((pattern) => pattern.test(name));
  return index < 0 ? FINEST_FIRST.length : index;
}

/** The files of which no other has the same in finer steps: such a one is called alike but for the step. */
function finestOf(files: readonly OneFile[]): readonly OneFile[] {
  const named = files.map((file) => ({ file, step: rank(file.name), stem: stemOf(file.name) }));
  const finest = new Map<string, number>();
  for (const { step, stem } of named) finest.set(stem, Math.min(step, finest.get(stem) ?? step));
  return named
    .filter(({ step, stem }) => step === FINEST_FIRST.length || step === finest.get(stem))
    .map(({ file }) => file);
}

const stemOf = (name: string): string => FINEST_FIRST.reduce((stem, span) => stem.replace(span, ''), name);

/** Files of one kind. */
interface Group {
  readonly kind: Exclude<Kind, 'unknown'>;
  readonly chosen: ChosenFile[];
}

async function groupsOf(files: readonly OneFile[], format: string | undefined): Promise<readonly Group[]> {
  const groups: Group[] = [];
  for (const file of files) {
    const kind = await kindOf(file, format);
    if (kind === 'unknown') continue;
    const one = { file, preamble: kind === 'green-button' ? 0 : Math.max(0, kind.headingLine - 1) };
    const group = groups.find((other) => isAlike(other.kind, kind));
    if (group === undefined) groups.push({ kind, chosen: [one] });
    else group.chosen.push(one);
  }
  return groups;
}

function largest(groups: readonly Group[]): readonly ChosenFile[] {
  const size = ({ chosen }: Group): number => chosen.reduce((sum, { file }) => sum + file.sizeBytes, 0);
  return [...groups].sort((a, b) => size(b) - size(a))[0]?.chosen ?? [];
}

/** What a file is. */
type Kind = FoundTable | 'green-button' | 'unknown';

function isAlike(one: Kind, other: Kind): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  const { format, columns, separator } = one;
  if (other.format !== format || other.separator !== separator) return false;
  return format.headless === true || format.joins === true || columns.isSame(other.columns);
}

async function kindOf({ name: place, open }: OneFile, format: string | undefined): Promise<Kind> {
  const source = slices(open().chunks, () => undefined);
  try {
    const { head, whole } = await peek(source);
    return detect(readHead(head, whole), { place, format }) ?? 'green-button';
  } catch (error) {
    if (error instanceof LeftOnError && error.code === 'unknown_format') return 'unknown';
    throw error;
  } finally {
    await source.return();
  }
}
