import { inFiles } from './report.ts';
import type { RejectedRow } from './report.ts';
import type { FilePlaces } from './files/joined-files.ts';

/** Rejected rows kept for the report, and notes. */
const MOST_KEPT = 100;

/** What is said of a file beside its readings: rows that could not be used, and what was assumed or left out. */
export class Remarks {
  readonly #notes = new Set<string>();
  readonly #rejected: RejectedRow[] = [];
  #rejectedCount = 0;

  reject(line: number, why: string): void {
    this.#rejectedCount += 1;
    if (this.#rejected.length < MOST_KEPT) this.#rejected.push({ line, why });
  }

  note(text: string): void {
    // notes with numbers in them could be many in a damaged file
    if (this.#notes.size < MOST_KEPT) this.#notes.add(text);
  }

  get notes(): readonly string[] {
    return [...this.#notes];
  }

  /** All that were rejected, also those that are not kept. */
  get rejectedCount(): number {
    return this.#rejectedCount;
  }

  /** The first that were rejected, in the order of their lines. */
  rejectedIn(files: FilePlaces | undefined): readonly RejectedRow[] {
    return inFiles(this.#rejected, files);
  }
}
