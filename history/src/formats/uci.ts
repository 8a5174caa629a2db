import type { TableFormat } from '../format.ts';
import { TimeColumn } from '../times/time-column.ts';

/**
 * UCI "Individual household electric power consumption": one house in Sceaux by the minute, kW, `?` where missing,
 * local time without a zone (its clock was never changed for summer time).
 * Source: archive.ics.uci.edu, data set 235.
 */
export const uci: TableFormat = {
  name: 'uci',
  labels: 'start',
  recognise: (columns) => (columns.has('date', 'time', 'global_active_power') ? 1 : 0),
  open: (table) => {
    const { columns, intake } = table;
    const [date, clock] = [columns.index('date'), columns.index('time')];
    const power = columns.index('global_active_power');
    const text = (cells: readonly string[]): string => `${cells[date] ?? ''} ${cells[clock] ?? ''}`;
    const time = new TimeColumn(table, text, { order: 'day_first' });
    intake.unit = 'kW';
    const kind = { quantity: 'power', clock: time.clock, scale: 1_000, direction: 'import' } as const;
    const track = intake.track('power', kind);
    return {
      row: (cells, line) => {
        const at = time.read(text(cells), line);
        if (!Number.isNaN(at)) track.add(at, intake.number(cells[power], line), line);
      },
    };
  },
};
