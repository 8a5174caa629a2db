import { meanPower, wattHours, MINUTE } from '@lefton/core';
import { Choice } from '../table/choice.ts';
import type { TableFormat } from '../format.ts';
import { quote } from '../quote.ts';
import { TimeColumn } from '../times/time-column.ts';

const LENGTH = /^(\d{1,4}) ?min$/i;

/**
 * Ameren's download of meter data (US): a preamble of ten lines, then `Start Interval Date/Time,Meter Id,Usage,Units,
 * Interval,Usage,Units,Interval`, month first, local time, kWh per interval; the finer of the two usages is read.
 */
export const ameren: TableFormat = {
  name: 'ameren',
  labels: 'stated',
  recognise: (columns) => (columns.has('start interval date/time', 'usage', 'units', 'interval') ? 1 : 0),
  open: (table) => {
    const { columns, sample, intake } = table;
    const [start, meter] = [columns.index('start interval date/time'), columns.index('meter id')];
    const time = new TimeColumn(table, start, { order: 'month_first' });
    const usage = finest(columns.matching(/^usage$/), sample);
    const choice = new Choice(intake, 'entity');
    intake.unit = 'kWh';
    return {
      row: (cells, line) => {
        const at = time.read(cells[start] ?? '', line);
        const name = cells[meter] ?? '';
        if (Number.isNaN(at) || (meter >= 0 && !choice.accepts(name, line))) return;
        const length = minutes(cells[usage + 2]);
        if (length === undefined || cells[usage + 1]?.trim().toLowerCase() !== 'kwh') {
          intake.reject(
            line,
            `expected kwh in minutes, found ${quote(cells.slice(usage, usage + 3).join())}`,
          );
          return;
        }
        const energy = wattHours(intake.number(cells[usage], line) * 1_000);
        const kind = { quantity: 'power', clock: time.clock, scale: 1, direction: 'import' } as const;
        intake.track(name, kind).add(at, meanPower(energy, length * MINUTE), line);
      },
      end: () => {
        choice.end();
      },
    };
  },
};

function minutes(text = ''): number | undefined {
  const length = Number(LENGTH.exec(text.trim())?.[1] ?? 0);
  return length > 0 ? length : undefined;
}

/** The usage column with the shortest interval; its units and interval stand in the next two columns. */
function finest(usages: readonly number[], sample: readonly (readonly string[])[]): number {
  const shortest = (usage: number): number =>
    Math.min(...sample.map((cells) => minutes(cells[usage + 2]) ?? Infinity));
  return usages.reduce((best, usage) => (shortest(usage) < shortest(best) ? usage : best));
}
