import { Choice } from '../table/choice.ts';
import type { TableFormat } from '../format.ts';
import { quote } from '../quote.ts';
import { TimeColumn } from '../times/time-column.ts';

/** In English and Dutch, as the files that are known have them. */
const FROM_DATE = ['from (date)', 'van (datum)'] as const;
const FROM_TIME = ['from (time)', 'van (tijdstip)'] as const;
const OFFTAKE = /offtake|afname/i;
const INJECTION = /injection|injectie/i;

/**
 * Fluvius (Belgium): `From (date);From (time);Until (date);…;EAN code;…;Register;Volume;Unit;Validation status`, kWh
 * per interval, decimal comma, local time; rows for day and night, offtake and injection; EAN as `="…"`.
 */
export const fluvius: TableFormat = {
  name: 'fluvius',
  labels: 'start',
  recognise: (columns) =>
    columns.index(...FROM_DATE) >= 0 && columns.index(...FROM_TIME) >= 0 && columns.has('register', 'volume')
      ? 1
      : 0,
  open: (table) => {
    const { columns, intake } = table;
    const [date, clock] = [columns.index(...FROM_DATE), columns.index(...FROM_TIME)];
    const [register, volume] = [columns.index('register'), columns.index('volume')];
    const [ean, unit] = [columns.index('ean code', 'ean-code'), columns.index('unit', 'eenheid')];
    const text = (cells: readonly string[]): string => `${cells[date] ?? ''} ${cells[clock] ?? ''}`;
    const time = new TimeColumn(table, text, { order: 'day_first' });
    const choice = new Choice(intake, 'entity');
    intake.unit = 'kWh';
    return {
      row: (cells, line) => {
        const name = cells[register] ?? '';
        const direction = INJECTION.test(name) ? 'export' : OFFTAKE.test(name) ? 'import' : undefined;
        if (direction === undefined || (cells[unit] ?? 'kWh').toLowerCase() !== 'kwh') {
          intake.note(`rows of register ${quote(name)} in ${quote(cells[unit] ?? '')} are left out`);
          return;
        }
        const at = time.read(text(cells), line);
        const meter = (cells[ean] ?? '').replace(/[="]/g, '');
        if (Number.isNaN(at) || !choice.accepts(meter, line)) return;
        const kind = { quantity: 'energy', clock: time.clock, scale: 1_000, direction } as const;
        intake.track(`${meter} ${name}`, kind).add(at, intake.number(cells[volume], line), line);
      },
      end: () => {
        choice.end();
      },
    };
  },
};
