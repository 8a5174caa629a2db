import { Choice } from '../table/choice.ts';
import type { TableFormat } from '../format.ts';
import { TimeColumn } from '../times/time-column.ts';

/**
 * Engie (Netherlands): `"Datum","EAN","Verbruik","Type","Piek"`, kWh per hour, ISO times with an offset; rows of gas
 * are mixed in by Type.
 */
export const engie: TableFormat = {
  name: 'engie',
  labels: 'start',
  recognise: (columns) => (columns.has('datum', 'ean', 'verbruik', 'type') ? 1 : 0),
  open: (table) => {
    const { columns, intake } = table;
    const [date, ean] = [columns.index('datum'), columns.index('ean')];
    const [used, type] = [columns.index('verbruik'), columns.index('type')];
    const time = new TimeColumn(table, date, { order: 'day_first' });
    const choice = new Choice(intake, 'entity');
    intake.unit = 'kWh';
    const kind = { quantity: 'energy', clock: time.clock, scale: 1_000, direction: 'import' } as const;
    return {
      row: (cells, line) => {
        const name = cells[type] ?? '';
        if (!/^(?:elektriciteit|stroom)$/i.test(name.trim())) {
          intake.note(`rows of type ${name.slice(0, 40)} are left out`);
          return;
        }
        const at = time.read(cells[date] ?? '', line);
        const meter = cells[ean] ?? '';
        if (Number.isNaN(at) || !choice.accepts(meter, line)) return;
        intake.track(meter, kind).add(at, intake.number(cells[used], line), line);
      },
      end: () => {
        choice.end();
      },
    };
  },
};
