import type { FilePlaces } from './files/joined-files.ts';

/** A row that could not be used, and why. line counts from 1. */
export interface RejectedRow {
  readonly line: number;
  readonly why: string;
  /** Where several files are read as one, of which line counts all: the file, and the line in it. */
  readonly file?: string;
  readonly file_line?: number;
}

/** Rows in the order of their lines, with where each stands in its file. */
export const inFiles = (rows: readonly RejectedRow[], files: FilePlaces | undefined): RejectedRow[] =>
  [...rows]
    .sort((a, b) => a.line - b.line)
    .map((row) => {
      const place = files?.placeOf(row.line);
      return place === undefined ? row : { ...row, file: place.name, file_line: place.line };
    });

/** For people: "line 3: expected a time", "2024-02.csv line 3: expected a time". */
export const toldOf = ({ line, why, file, file_line }: RejectedRow): string =>
  `${file === undefined ? '' : `${file} `}line ${file_line ?? line}: ${why}`;

/** What an import read, dropped and assumed. */
export interface ImportReport {
  readonly format: string;
  /** Unit of the numbers in the file. */
  readonly unit: string;
  /** Zone in which the file's times were read. */
  readonly zone: string;
  /** Data rows of the file. */
  readonly rows: number;
  readonly readings: number;
  /** Rows that repeated the time of another. */
  readonly duplicates: number;
  /** Stretches in which at least one reading is missing. */
  readonly gaps: number;
  /** The first 100 rows that could not be used. */
  readonly rejected: readonly RejectedRow[];
  readonly rejected_count: number;
  /** ISO instant of the first and last reading, null when there is none. */
  readonly first: string | null;
  readonly last: string | null;
  /** What was assumed or left out, for people. */
  readonly notes: readonly string[];
}

/** Mean powers labelled at the start of their intervals, import positive. */
export interface ImportedHistory {
  readonly meter: string;
  /** Instants, ascending and unique. */
  readonly at: Float64Array;
  /** Watts, one per instant. */
  readonly watts: Float64Array;
  readonly report: ImportReport;
}
