import type { TableFormat } from '../format.ts';
import { readMeterColumns } from '../table/meter-columns.ts';

/**
 * n3rgy's consumer export: `timestamp (UTC),energyConsumption (kWh)`, always 48 rows a day in UTC, labelled at the
 * end of the half hour. Source: support.n3rgy.com, article 103000184818.
 */
export const n3rgy: TableFormat = {
  name: 'n3rgy',
  labels: 'end',
  recognise: (columns) => (columns.has('timestamp (utc)', 'energyconsumption (kwh)') ? 1 : 0),
  open: (table) => {
    const { columns, intake } = table;
    intake.unit = 'kWh';
    return readMeterColumns(table, {
      time: columns.index('timestamp (utc)'),
      habit: { utc: true },
      quantity: 'energy',
      scale: 1_000,
      imported: [columns.index('energyconsumption (kwh)')],
      exported: [],
    });
  },
};
