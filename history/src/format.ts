import type { Columns } from './table/columns.ts';
import type { FormatName } from './format-names.ts';
import type { Intake } from './intake.ts';
import type { Labels } from './power/track.ts';

/** A table whose columns are known, about to be read. */
export interface Table {
  readonly columns: Columns;
  /** Line that names them, counted from 1; 0 where none does. */
  readonly line: number;
  /** The first rows, for looking at, cells trimmed. */
  readonly sample: readonly (readonly string[])[];
  readonly intake: Intake;
}

/** Takes the rows of one table. */
export interface RowReader {
  /** @param line counted from 1. */
  row(cells: readonly string[], line: number): void;
  /** After the last row, also of tables that followed. */
  end?(): void;
}

/** An export that is a table of separated values. */
export interface TableFormat {
  readonly name: FormatName;
  readonly labels: Labels;
  /** The line that recognise() knows is a row of data already. */
  readonly headless?: boolean;
  /** Another table of it, of other columns, may follow in the file: its tracks are told apart by the names of these. */
  readonly joins?: boolean;
  /** Rows may have more cells than there are names. */
  readonly ragged?: boolean;
  /** How sure it is, 0..1, that a line of this export's column names (or first row, when headless) has these cells. */
  recognise(columns: Columns): number;
  open(table: Table): RowReader;
}
