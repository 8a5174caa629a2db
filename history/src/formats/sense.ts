import { Choice } from '../table/choice.ts';
import type { TableFormat } from '../format.ts';
import { quote } from '../quote.ts';
import { TimeColumn } from '../times/time-column.ts';

/** Sense's name for the whole house. */
const WHOLE_HOUSE = 'Total Usage';

/**
 * Sense's export: a remark line, then `DateTime,Device ID,Name,…,Avg Wattage,kWh`, one row per device and hour, local
 * time, not in order; hours without use are absent.
 */
export const sense: TableFormat = {
  name: 'sense',
  labels: 'start',
  recognise: (columns) => (columns.has('datetime', 'name', 'avg wattage') ? 1 : 0),
  open: (table) => {
    const { columns, intake } = table;
    const [when, device] = [columns.index('datetime'), columns.index('name')];
    const power = columns.index('avg wattage');
    const time = new TimeColumn(table, when, { order: 'month_first' });
    intake.unit = 'W';
    const choice = new Choice(intake, 'entity', WHOLE_HOUSE);
    return {
      row: (cells, line) => {
        const name = cells[device] ?? '';
        const at = time.read(cells[when] ?? '', line);
        if (Number.isNaN(at) || !choice.accepts(name, line)) return;
        const kind = { quantity: 'power', clock: time.clock, scale: 1, direction: 'import' } as const;
        intake.track(name, kind).add(at, intake.number(cells[power], line), line);
      },
      end: () => {
        choice.end();
        const { names } = choice;
        if (names.length < 2 || !names.includes(WHOLE_HOUSE)) return;
        throw choice.needed('the whole or its parts, not both', names.map(quote).join(', '));
      },
    };
  },
};
