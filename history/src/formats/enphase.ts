import type { TableFormat } from '../format.ts';
import { readMeterColumns } from '../table/meter-columns.ts';

/**
 * Enphase Enlighten's custom report: `Date/Time,Energy Produced (Wh),Energy Consumed (Wh),Exported to Grid (Wh),
 * Imported from Grid (Wh)`, Wh per interval, local time, day or month first by the account's locale.
 */
export const enphase: TableFormat = {
  name: 'enphase',
  labels: 'start',
  recognise: (columns) =>
    columns.has('date/time') && columns.index('energy produced (wh)', IMPORTED) >= 0 ? 1 : 0,
  open: (table) => {
    const { columns, intake } = table;
    const [imported, exported] = [columns.index(IMPORTED), columns.index('exported to grid (wh)')];
    const consumed = columns.index('energy consumed (wh)');
    intake.unit = 'Wh';
    if (imported < 0 && consumed < 0) {
      throw intake.fault('no_consumption', `a column ${IMPORTED} or Energy Consumed (Wh)`, 'production only');
    }
    if (imported < 0) intake.note('consumption of the home, as the report has no import from the grid');
    return readMeterColumns(table, {
      time: columns.index('date/time'),
      habit: {},
      quantity: 'energy',
      scale: 1,
      imported: [imported < 0 ? consumed : imported],
      exported: imported < 0 || exported < 0 ? [] : [exported],
    });
  },
};

const IMPORTED = 'imported from grid (wh)';
