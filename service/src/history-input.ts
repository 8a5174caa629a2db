import { createHash } from 'node:crypto';
import { importHistory, openHistoryFile } from '@lefton/history';
import type { ImportedHistory, ImportOptions } from '@lefton/history';

/** A history file read whole, with what a model's provenance needs to say of it. */
export interface HistoryInput extends ImportedHistory {
  readonly place: string;
  /** Of the file's bytes after decompression. */
  readonly sha256: string;
}

/** Where progress goes; only a terminal shows it. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Reads any export that the history package knows.
 * @throws LeftOnError naming the file and what to pass where the file leaves something open
 */
export async function readHistory(
  path: string,
  options: Omit<ImportOptions, 'place' | 'onProgress'>,
  output: ProgressOutput,
): Promise<HistoryInput> {
  const file = await openHistoryFile(path);
  const hash = createHash('sha256');
  let shown = -1;
  const progress = (): void => {
    const percent = file.sizeBytes === 0 ? 100 : Math.floor((file.bytesRead() / file.sizeBytes) * 100);
    if (output.isTTY !== true || percent === shown) return;
    shown = percent;
    output.write(`\rReading ${file.place}: ${percent} %`);
  };
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file.chunks) {
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    const imported = await importHistory(hashed(), { ...options, place: file.place, onProgress: progress });
    const notes = [...file.notes, ...imported.report.notes];
    return {
      ...imported,
      report: { ...imported.report, notes },
      place: file.place,
      sha256: hash.digest('hex'),
    };
  } finally {
    if (shown >= 0) output.write('\r\x1b[K');
  }
}
