import { createHash } from 'node:crypto';
import { importHistory, openHistoryFiles } from '@lefton/history';
import type { ImportedHistory, ImportOptions } from '@lefton/history';
import { ProgressLine } from './progress-line.ts';
import type { ProgressOutput } from './progress-line.ts';
import { shellWord } from './shell-word.ts';

/** The option that names a history. */
export const CSV = [
  '--csv <files...>',
  'the history: canonical CSV, or any export that import reads; several are read as one',
] as const;

/** Files of one history. */
export type HistoryPaths = readonly [string, ...string[]];

/** As a person would type them. */
export const typed = (paths: HistoryPaths): string => paths.map(shellWord).join(' ');

/** A history file read whole, with what a model's provenance needs to say of it. */
export interface HistoryInput extends ImportedHistory {
  readonly place: string;
  /** Of the file's bytes after decompression. */
  readonly sha256: string;
}

/**
 * Reads any export, or several as one history.
 * @throws LeftOnError naming the file and what to pass where the file leaves something open
 */
export async function readHistory(
  paths: string | HistoryPaths,
  options: Omit<ImportOptions, 'place' | 'onProgress'>,
  output: ProgressOutput,
): Promise<HistoryInput> {
  const file = await openHistoryFiles(typeof paths === 'string' ? [paths] : paths, options.format);
  const hash = createHash('sha256');
  const line = new ProgressLine(output);
  const progress = (): void => {
    line.show(`Reading ${file.place}`, file.sizeBytes === 0 ? 1 : file.bytesRead() / file.sizeBytes);
  };
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file.chunks) {
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    const imported = await importHistory(hashed(), {
      ...options,
      place: file.place,
      files: file.files,
      onProgress: progress,
    });
    const notes = [...file.notes, ...imported.report.notes];
    return {
      ...imported,
      report: { ...imported.report, notes },
      place: file.place,
      sha256: hash.digest('hex'),
    };
  } finally {
    line.clear();
  }
}

/** Tells what was assumed or left out of a history that is used at once. */
export function tellNotes({ place, report }: HistoryInput, output: ProgressOutput): void {
  for (const note of report.notes) output.write(`${place}: ${note}\n`);
}
