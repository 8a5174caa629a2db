import type { TableFormat } from '../format.ts';
import { readMeterColumns } from '../table/meter-columns.ts';

const IMPORT = /^electricity \d+(?: \(|$)/;
const EXPORT = /^electricity \d+ returned\b/;

/**
 * DSMR-reader's hour export: `Hour Start,Electricity 1 (…),Electricity 2 (…),Electricity 1 Returned (…),…,Gas`, kWh
 * in the hour, ISO times with an offset, two tariffs to add.
 */
export const dsmrReader: TableFormat = {
  name: 'dsmr-reader',
  labels: 'stated',
  recognise: (columns) => (columns.has('hour start') && columns.matching(IMPORT).length > 0 ? 1 : 0),
  open: (table) => {
    const { columns, intake } = table;
    intake.unit = 'kWh';
    return readMeterColumns(table, {
      time: columns.index('hour start'),
      habit: {},
      // kWh in an hour are kW
      quantity: 'power',
      scale: 1_000,
      imported: columns.matching(IMPORT),
      exported: columns.matching(EXPORT),
    });
  },
};
