/** A row that could not be used, and why. line counts from 1. */
export interface RejectedRow {
  readonly line: number;
  readonly why: string;
}

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
