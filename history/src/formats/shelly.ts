import type { Columns } from '../table/columns.ts';
import type { TableFormat } from '../format.ts';
import type { Intake } from '../intake.ts';
import { readMeterColumns } from '../table/meter-columns.ts';
import type { MeterColumns } from '../table/meter-columns.ts';
import { wholeOrParts } from '../table/whole.ts';
import { readChannels } from './shelly-channel.ts';

const ACTIVE = /^active energy wh\b|^(?:[abc]_)?total_act_energy$/;
const RETURNED = /^returned energy wh\b|^(?:[abc]_)?total_act_ret_energy$/;
const PHASE = /\(([abc])\)\s*$|^([abc])_/i;
/** What a file of one channel has, which it does not name. */
const CHANNEL = 'total_act_energy';
const PHASES = ['A', 'B', 'C'] as const;

/**
 * The local CSV of Shelly's meters, Wh per interval. EM and 3EM: `Date/time UTC,Active energy Wh (A),Returned energy
 * Wh (A)`, an interval that the firmware decides, one file per phase. Later generations (EMData and EM1Data of
 * `data.csv?add_keys=true`): `timestamp,a_total_act_energy,…,a_total_act_ret_energy,…`, minutes, all phases in a row, or
 * without `a_` one channel, which the name of the file tells. Phases are added; where a total stands beside them it is not added to them.
 */
export const shelly: TableFormat = {
  name: 'shelly',
  labels: 'start',
  joins: true,
  recognise: (columns) => (timeOf(columns) >= 0 && columns.matching(ACTIVE).length > 0 ? 1 : 0),
  open: (table) => {
    const { columns, intake } = table;
    const isPhase = (index: number): boolean => phaseOf(columns.names[index] ?? '') !== undefined;
    const both = [columns.matching(ACTIVE), columns.matching(RETURNED)];
    // a total nets the phases as they do not net themselves, so both directions are totals or neither is
    const total = both.every((all) => all.length === 0 || !all.every(isPhase));
    const [imported = [], exported = []] = both.map((all) =>
      total
        ? wholeOrParts(all, (index) => !isPhase(index))
        : all.filter((i) => isPhase(i) || !all.some(isPhase)),
    );
    intake.unit = 'Wh';
    const shape: MeterColumns = {
      time: timeOf(columns),
      habit: { utc: true },
      quantity: 'energy',
      scale: 1,
      imported,
      exported,
      isPhase,
    };
    if (columns.has(CHANNEL)) return readChannels(table, shape);
    const reader = readMeterColumns(table, shape);
    return {
      ...reader,
      end: () => {
        tellPhases(intake);
      },
    };
  },
};

const timeOf = (columns: Columns): number => columns.index('date/time utc', 'timestamp');

function phaseOf(name: string): string | undefined {
  const [, last, first] = PHASE.exec(name.trim()) ?? [];
  return (last ?? first)?.toUpperCase();
}

/** @throws LeftOnError `bad_file` where energy would be counted twice. */
function tellPhases(intake: Intake): void {
  const read = intake.trackNames.map(phaseOf);
  const phases = PHASES.filter((phase) => read.includes(phase));
  if (phases.length === 0) return;
  if (read.includes(undefined)) {
    const expected = 'the total or its phases, not both: leave out the one or the others';
    throw intake.fault('bad_file', expected, `a total beside ${named(phases)}`);
  }
  if (phases.length > 1)
    intake.note(`${named(phases)} are added: where one of them is missing, so is the sum`);
  if (phases.length < PHASES.length)
    intake.note(
      `only ${named(phases)}: a three-phase home has three such files, which are added where they are in one zip or one after the other in one file`,
    );
}

/** `phases A, B and C` */
function named(phases: readonly string[]): string {
  const [last, ...others] = phases.toReversed();
  return others.length === 0
    ? `phase ${last ?? ''}`
    : `phases ${others.toReversed().join(', ')} and ${last ?? ''}`;
}
