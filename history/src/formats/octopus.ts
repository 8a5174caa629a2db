import { meanPower, wattHours } from '@lefton/core';
import type { TableFormat } from '../format.ts';
import { TimeColumn } from '../times/time-column.ts';

const STARTS = ['start', 'interval_start', 'interval start'] as const;
const ENDS = ['end', 'interval_end', 'interval end'] as const;
const CONSUMED = ['consumption (kwh)', 'consumption'] as const;

/**
 * Octopus Energy UK, download or API: `Consumption (kWh), Start, End`, newer ones with costs between, the API's
 * `consumption,interval_start,interval_end`. ISO times with an offset; 46 or 50 rows on the days the clocks change.
 */
export const octopus: TableFormat = {
  name: 'octopus',
  labels: 'stated',
  recognise: (columns) =>
    columns.index(...STARTS) >= 0 && columns.index(...ENDS) >= 0 && columns.index(...CONSUMED) >= 0 ? 1 : 0,
  open: (table) => {
    const { columns, intake } = table;
    const [start, end] = [columns.index(...STARTS), columns.index(...ENDS)];
    const consumed = columns.index(...CONSUMED);
    const from = new TimeColumn(table, start, {});
    const to = new TimeColumn(table, end, {});
    intake.unit = 'kWh';
    // between two times on a local clock lies an hour more or less where it was changed
    const fixed = from.clock === 'instant';
    const quantity = fixed ? 'power' : 'energy';
    const kind = { quantity, clock: from.clock, scale: 1, direction: 'import' } as const;
    const track = intake.track('consumption', kind);
    return {
      row: (cells, line) => {
        const at = from.read(cells[start] ?? '', line);
        if (Number.isNaN(at)) return;
        const energy = intake.number(cells[consumed], line) * 1_000;
        if (!fixed) {
          track.add(at, energy, line);
          return;
        }
        const length = to.read(cells[end] ?? '', line) - at;
        if (Number.isNaN(length)) return;
        if (length <= 0) {
          intake.reject(line, 'the interval ends before it starts');
          return;
        }
        track.add(at, meanPower(wattHours(energy), length), line);
      },
    };
  },
};
