import type { TableFormat } from '../format.ts';
import { readMeterColumns } from '../meter-columns.ts';
import { wholeOrParts } from '../whole.ts';

const ACTIVE = /^active energy wh\b/;
const RETURNED = /^returned energy wh\b/;
const PHASE = /\([abc]\)\s*$/i;

/**
 * The local CSV of Shelly EM and 3EM: `Date/time UTC,Active energy Wh (A),Returned energy Wh (A)`, Wh per interval
 * of a length that the firmware decides, one file per phase. Where a total stands beside phases it is not added to them.
 */
export const shelly: TableFormat = {
  name: 'shelly',
  labels: 'start',
  recognise: (columns) => (columns.has('date/time utc') && columns.matching(ACTIVE).length > 0 ? 1 : 0),
  open: (table) => {
    const { columns, intake } = table;
    const isPhase = (index: number): boolean => PHASE.test(columns.names[index] ?? '');
    const both = [columns.matching(ACTIVE), columns.matching(RETURNED)];
    // a total nets the phases as they do not net themselves, so both directions are totals or neither is
    const total = both.every((all) => all.length === 0 || !all.every(isPhase));
    const [imported = [], exported = []] = both.map((all) =>
      total
        ? wholeOrParts(all, (index) => !isPhase(index))
        : all.filter((i) => isPhase(i) || !all.some(isPhase)),
    );
    intake.unit = 'Wh';
    if (imported.length === 1 && imported.every(isPhase))
      intake.note('one phase; a three-phase home has three such files to add');
    return readMeterColumns(table, {
      time: columns.index('date/time utc'),
      habit: { utc: true },
      quantity: 'energy',
      scale: 1,
      imported,
      exported,
    });
  },
};
