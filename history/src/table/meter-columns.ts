import type { RowReader, Table } from '../format.ts';
import { TimeColumn } from '../times/time-column.ts';
import type { TimeHabit } from '../times/time-column.ts';
import type { Quantity } from '../power/track.ts';

/** Where a table has its time and its numbers. */
export interface MeterColumns {
  readonly time: number;
  readonly habit: TimeHabit;
  readonly quantity: Quantity;
  /** W or Wh per unit of the file. */
  readonly scale: number;
  readonly imported: readonly number[];
  readonly exported: readonly number[];
  /** Which of them are one phase of several. */
  readonly isPhase?: (index: number) => boolean;
  /** Whose they are, where the file has those of several. */
  readonly of?: string;
}

/** Reads tables with one time per row and a column for every register, tariff, phase or direction. */
export function readMeterColumns(table: Table, shape: MeterColumns): RowReader {
  const { intake } = table;
  const { quantity, scale } = shape;
  const time = new TimeColumn(table, shape.time, shape.habit);
  const { clock } = time;
  intake.sharedRows = true;
  const columns = [
    ...shape.imported.map((index) => ({ index, direction: 'import' as const })),
    ...shape.exported.map((index) => ({ index, direction: 'export' as const })),
  ].map(({ index, direction }) => ({
    index,
    track: intake.track(`${shape.of ?? ''}${table.columns.names[index] ?? ''}`, {
      ...{ quantity, clock, scale, direction },
      phase: shape.isPhase?.(index) ?? false,
    }),
  }));
  return {
    row: (cells, line) => {
      const at = time.read(cells[shape.time] ?? '', line);
      if (Number.isNaN(at)) return;
      for (const { index, track } of columns) track.add(at, intake.number(cells[index], line), line);
    },
  };
}
