import { basename } from 'node:path';
import { filesAt } from './files-at.ts';
import { chooseFiles } from './file-choice.ts';
import { listed } from '../listed.ts';
import type { FileChoice, OneFile } from './file-choice.ts';
import { JoinedFiles } from './joined-files.ts';
import type { FilePlaces } from './joined-files.ts';
import type { OpenStretch } from './stretch.ts';

/** An export opened for import, of one file or several. */
export interface HistoryFile {
  /** Name for messages: the file's, and that of the member of an archive. */
  readonly place: string;
  /** The bytes, decompressed. To be read once. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Bytes that will be read from the disk, and how many were so far. */
  readonly sizeBytes: number;
  readonly bytesRead: () => number;
  /** What was chosen of several files, for people; complete once all is read. */
  readonly notes: readonly string[];
  /** The files that are read one after the other, where there are several: see ImportOptions. */
  readonly files: FilePlaces | undefined;
}

/**
 * Opens an export: plain, gzip or zip, told by its first bytes. Of a zip the finest useful member is chosen, and all
 * that are tables of the same columns are read after each other; the notes say which.
 * @throws LeftOnError `no_file` when it cannot be read, `bad_file` when a zip holds nothing to import.
 */
export const openHistoryFile = (path: string): Promise<HistoryFile> => openHistoryFiles([path]);

/**
 * Opens several exports as one history, in the order given, by the rules of the members of a zip.
 * @param format name of a format, where a person says what they are.
 * @throws LeftOnError as openHistoryFile does
 */
export async function openHistoryFiles(
  paths: readonly [string, ...string[]],
  format?: string,
): Promise<HistoryFile> {
  const [path] = paths;
  if (paths.length === 1) {
    const place = basename(path);
    const { files, packed, others } = await filesAt(path, place);
    return opened(files, await chooseFiles(files, format), {
      place,
      within: packed ? `${place}/` : '',
      others,
    });
  }
  const [files, others]: [OneFile[], string[]] = [[], []];
  for (const [i, name] of shortNames(paths).entries()) {
    const found = await filesAt(paths[i] ?? '', name);
    const within = found.packed ? `${name}/` : '';
    files.push(...found.files.map((file) => ({ ...file, name: `${within}${file.name}` })));
    others.push(...found.others.map((other) => `${within}${other}`));
  }
  const place = `${basename(path)} and ${paths.length - 1} more`;
  return opened(files, await chooseFiles(files, format), { place, within: '', others });
}

/** Names without folders, where that tells them apart. */
function shortNames(paths: readonly string[]): readonly string[] {
  const names = paths.map((path) => basename(path));
  return new Set(names).size === new Set(paths).size ? names : paths;
}

/** Where files come from. */
interface Origin {
  readonly place: string;
  /** Before their names in messages; empty where these say it. */
  readonly within: string;
  /** Names of what cannot be an export. */
  readonly others: readonly string[];
}

function opened(all: readonly OneFile[], { chosen, left }: FileChoice, origin: Origin): HistoryFile {
  const { place, within, others } = origin;
  const streams: OpenStretch[] = [];
  const begin = ({ open }: OneFile): AsyncIterable<Uint8Array> => {
    const stream = open();
    streams.push(stream);
    return stream.chunks;
  };
  const [only, ...more] = chosen.map(({ file }) => file);
  const single = more.length === 0 ? only : undefined;
  const joined = new JoinedFiles(
    chosen.map(({ file, preamble }) => ({ name: file.name, preamble, open: () => begin(file) })),
  );
  const reasons = [...left, ...(others.length === 0 ? [] : [`no CSV, text or XML: ${listed(others)}`])];
  const count = all.length + others.length;
  const read = `${single?.name ?? chosen.length} of the ${count} files`;
  const notes = reasons.length === 0 ? [] : [`read ${read}; ${reasons.join('; ')}`];
  return {
    place: single === undefined ? place : `${within}${single.name}`,
    sizeBytes: chosen.reduce((sum, { file }) => sum + file.packedBytes, 0),
    bytesRead: () => streams.reduce((sum, stream) => sum + stream.bytesRead(), 0),
    get notes() {
      return single === undefined ? [...notes, joined.note] : notes;
    },
    files: single === undefined ? joined : undefined,
    chunks: single === undefined ? joined.chunks() : begin(single),
  };
}
