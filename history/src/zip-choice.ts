import { LeftOnError } from '@lefton/core';
import { peek, slices } from './chunks.ts';
import { detect } from './detect.ts';
import type { FoundTable } from './detect.ts';
import { readHead } from './head.ts';
import type { ZipMember } from './zip-directory.ts';

/** Emporia's members, the finest useful one first: of seconds it keeps hours, of minutes a week. */
const FINEST_FIRST = ['15MIN', '1H', '1MIN', '1SEC', '1DAY'].map(
  (span) => new RegExp(`(?<![a-z0-9])${span}(?![a-z0-9])`, 'i'),
);
const READABLE = /\.(?:csv|txt|xml)$/i;
/** What a Mac keeps beside each file. */
const FORK = /(?:^|\/)\._/;
/** What only the workbooks of spreadsheets have within them, which are zip archives too. */
const WORKBOOK = /^(?:xl\/workbook\.(?:xml|bin)|content\.xml)$/;
/** Years of a file per day. */
const MOST_MEMBERS = 4_000;
/** Names shown to people. */
const SHOWN_NAMES = 20;

/** A member of a zip that is read. */
interface ChosenMember {
  readonly member: ZipMember;
  /** Lines before the one that names the columns. */
  readonly preamble: number;
}

/** What is read of a zip: one member, or several as one history. */
interface ZipChoice {
  /** In the order of their names; at least one. */
  readonly chosen: readonly ChosenMember[];
  /** What was left, for people. */
  readonly notes: readonly string[];
}

/**
 * Chooses the finest useful member, and all that are tables of the same columns, or feeds of Green Button as it is.
 * @throws LeftOnError `bad_file` when there is nothing to import.
 */
export async function chooseMembers(
  all: readonly ZipMember[],
  place: string,
  bytesOf: (member: ZipMember) => AsyncIterable<Uint8Array>,
): Promise<ZipChoice> {
  const refused = (expected: string, found: string): LeftOnError =>
    new LeftOnError({ code: 'bad_file', place, expected, found });
  if (all.some(({ name }) => WORKBOOK.test(name)))
    throw refused('a text file: save the sheet as CSV', 'the workbook of a spreadsheet');
  const members = all.filter(({ name }) => !FORK.test(name));
  const readable = members.filter(({ name }) => READABLE.test(name)).sort(finestFirst);
  const [best] = readable;
  if (best === undefined) throw refused('a CSV, text or XML file in it', `a zip with ${all.length} members`);
  const same = readable.filter(({ name }) => rank(name) === rank(best.name));
  const only = same.length === 1 || same.length > MOST_MEMBERS;
  const alike = only ? [{ member: best, preamble: 0 }] : await alikeOf(best, same, bytesOf);
  const chosen = [...alike].sort((a, b) => inOrder.compare(a.member.name, b.member.name));
  if (members.length === chosen.length) return { chosen, notes: [] };
  const read = chosen.length === 1 ? best.name : String(chosen.length);
  const others = same.filter((member) => !chosen.some((one) => one.member === member));
  const left = others.length === 0 ? '' : `; no tables of the same columns: ${listed(others)}`;
  return { chosen, notes: [`read ${read} of the ${members.length} files in the zip${left}`] };
}

/** 2 comes before 10. */
const inOrder = new Intl.Collator('en', { numeric: true });

const finestFirst = (a: ZipMember, b: ZipMember): number =>
  rank(a.name) - rank(b.name) || b.sizeBytes - a.sizeBytes;

function rank(name: string): number {
  const index = FINEST_FIRST.findIndex((pattern) => pattern.test(name));
  return index < 0 ? FINEST_FIRST.length : index;
}

function listed(members: readonly ZipMember[]): string {
  const names = members.slice(0, SHOWN_NAMES).map(({ name }) => name);
  return names.length < members.length
    ? `${names.join(', ')} and ${members.length - names.length} more`
    : names.join(', ');
}

/** The members that are tables as the best one is, with that one. */
async function alikeOf(
  best: ZipMember,
  all: readonly ZipMember[],
  bytesOf: (member: ZipMember) => AsyncIterable<Uint8Array>,
): Promise<readonly ChosenMember[]> {
  const kind = await kindOf(best, bytesOf);
  if (kind === 'unknown') return [{ member: best, preamble: 0 }];
  const alike: ChosenMember[] = [];
  for (const member of all) {
    const other = member === best ? kind : await kindOf(member, bytesOf);
    if (!isAlike(kind, other)) continue;
    alike.push({ member, preamble: typeof other === 'object' ? Math.max(0, other.headingLine - 1) : 0 });
  }
  return alike;
}

/** What a member is. */
type Kind = FoundTable | 'green-button' | 'unknown';

function isAlike(one: Kind, other: Kind): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  const { format, columns, separator } = one;
  if (other.format !== format || other.separator !== separator) return false;
  return format.headless === true || format.joins === true || columns.isSame(other.columns);
}

async function kindOf(
  member: ZipMember,
  bytesOf: (member: ZipMember) => AsyncIterable<Uint8Array>,
): Promise<Kind> {
  const source = slices(bytesOf(member), () => undefined);
  try {
    const { head, whole } = await peek(source);
    return detect(readHead(head, whole), { place: member.name }) ?? 'green-button';
  } catch (error) {
    if (error instanceof LeftOnError && error.code === 'unknown_format') return 'unknown';
    throw error;
  } finally {
    await source.return();
  }
}
