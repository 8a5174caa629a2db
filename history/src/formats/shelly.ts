import type { TableFormat } from '../format.ts';
import { readMeterColumns } from '../meter-columns.ts';

const ACTIVE = /^active energy wh\b/;
const RETURNED = /^returned energy wh\b/;

/**
 * The local CSV of Shelly EM and 3EM: `Date/time UTC,Active energy Wh (A),Returned energy Wh (A)`, Wh per interval
 * of a length that the firmware decides, one file per phase.
 */
export const shelly: TableFormat = {
  name: 'shelly',
  labels: 'start',
  recognise: (columns) => (columns.has('date/time utc') && columns.matching(ACTIVE).length > 0 ? 1 : 0),
  open: (table) => {
    const { columns, intake } = table;
    const imported = columns.matching(ACTIVE);
    intake.unit = 'Wh';
    if (imported.length === 1) intake.note('one phase; a three-phase home has three such files to add');
    return readMeterColumns(table, {
      time: columns.index('date/time utc'),
      habit: { utc: true },
      quantity: 'energy',
      scale: 1,
      imported,
      exported: columns.matching(RETURNED),
    });
  },
};
