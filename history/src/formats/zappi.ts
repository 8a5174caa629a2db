import type { TableFormat } from '../format.ts';
import { readMeterColumns } from '../table/meter-columns.ts';

const DIVERTED = /^diverter energy \(l\d\) \(wh\)$/;

/**
 * The report of a myenergi Zappi: `Serial Number,Timestamp,Diverter Energy (L1) (Wh),…`, Wh per interval and phase,
 * UTC. It is what the charger used, not the home.
 */
export const zappi: TableFormat = {
  name: 'zappi',
  labels: 'start',
  recognise: (columns) => (columns.has('timestamp') && columns.matching(DIVERTED).length > 0 ? 1 : 0),
  open: (table) => {
    const { columns, intake } = table;
    intake.unit = 'Wh';
    intake.note('a Zappi report is the use of the charger, not of the home');
    return readMeterColumns(table, {
      time: columns.index('timestamp'),
      habit: { utc: true },
      quantity: 'energy',
      scale: 1,
      imported: columns.matching(DIVERTED),
      exported: [],
    });
  },
};
