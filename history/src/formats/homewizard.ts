import type { TableFormat } from '../format.ts';
import { readMeterColumns } from '../table/meter-columns.ts';
import { wholeOrParts } from '../table/whole.ts';

const IMPORT = /^import(?: t\d)? kwh$/;
const TARIFF = /\bt\d/i;
const EXPORT = /^export(?: t\d)? kwh$/;

/**
 * HomeWizard's export of the P1 meter or a kWh meter: `time,Import T1 kWh,Import T2 kWh,Export T1 kWh,Export T2 kWh`,
 * totals of the registers every 15 minutes, local time without a zone, some cells blank.
 */
export const homewizard: TableFormat = {
  name: 'homewizard',
  labels: 'stated',
  recognise: (columns) => (columns.has('time') && columns.matching(IMPORT).length > 0 ? 1 : 0),
  open: (table) => {
    const { columns, intake } = table;
    intake.unit = 'kWh';
    const isTotal = (index: number): boolean => !TARIFF.test(columns.names[index] ?? '');
    return readMeterColumns(table, {
      time: columns.index('time'),
      habit: {},
      quantity: 'register',
      scale: 1_000,
      imported: wholeOrParts(columns.matching(IMPORT), isTotal),
      exported: wholeOrParts(columns.matching(EXPORT), isTotal),
    });
  },
};
