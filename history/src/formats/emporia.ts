import type { Table, TableFormat } from '../format.ts';
import type { Intake } from '../intake.ts';
import { MALFORMED, readNumber } from '../numbers/number-text.ts';
import type { Unit } from '../options.ts';
import { SHOWN_NAMES } from '../listed.ts';
import { choiceNeeded } from '../question.ts';
import { quote } from '../quote.ts';
import { TimeColumn } from '../times/time-column.ts';
import { wholeOrParts } from '../table/whole.ts';

const BUCKET = /^time bucket \((.+)\)$/i;
/** The end of a circuit's heading; a name in front of it would be sought again from each of its blanks. */
const SUFFIX = /\((kwatts|kwhs|watts|whs)\)$/i;
/** The mains of a panel, or one of their legs: `<panel>-Mains`, `<panel>-Mains_A`. */
const MAINS = /^(.*?)mains(_[abc])?$/i;
const UNITS: Readonly<Record<string, Unit>> = { kwatts: 'kW', watts: 'W', kwhs: 'kWh', whs: 'Wh' };

/** A column of one circuit. */
interface Circuit {
  readonly name: string;
  readonly unit: Unit;
  readonly index: number;
  /** Whose circuit it is, as far as its name tells. */
  readonly panel: string;
  /** What it is of the panel: its mains, one leg of them, or a circuit behind them. */
  readonly part: 'mains' | 'leg' | 'circuit';
}

/**
 * Emporia Vue's export: `Time Bucket (America/New_York),<panel>-<circuit> (kWatts)`, month first, labelled at the
 * start. Seconds, minutes and quarter hours are mean kW, hours and days kWh; the zone is in the first heading. `Mains`
 * are the sum of the legs `Mains_A` to `Mains_C`, and those of the circuits behind them.
 */
export const emporia: TableFormat = {
  name: 'emporia',
  labels: 'start',
  recognise: ({ names }) => (BUCKET.test(names[0] ?? '') && circuitsOf(names).length > 0 ? 1 : 0),
  open: (table) => {
    const { columns, intake } = table;
    const zone = BUCKET.exec(columns.names[0] ?? '')?.[1];
    if (zone !== undefined) intake.stateZone(zone, 'as the file says');
    const time = new TimeColumn(table, 0, { order: 'month_first' });
    const circuits = circuitsOf(columns.names);
    const tracks = choose(circuits, table).map(({ name, unit, index }) => ({
      index,
      track: intake.track(name, {
        quantity: unit.endsWith('Wh') ? 'energy' : 'power',
        clock: time.clock,
        scale: unit.startsWith('k') ? 1_000 : 1,
        direction: 'import',
      }),
    }));
    intake.sharedRows = true;
    return {
      row: (cells, line) => {
        const at = time.read(cells[0] ?? '', line);
        if (Number.isNaN(at)) return;
        for (const { index, track } of tracks) track.add(at, intake.number(cells[index], line), line);
      },
    };
  },
};

function circuitsOf(names: readonly string[]): Circuit[] {
  return names.flatMap((heading, index): Circuit[] => {
    const [end = '', suffix = ''] = SUFFIX.exec(heading) ?? [];
    const unit = UNITS[suffix.toLowerCase()];
    if (unit === undefined) return [];
    const name = heading.slice(0, -end.length).trimEnd();
    const [, mains, leg] = MAINS.exec(name) ?? [];
    const part = mains === undefined ? 'circuit' : leg === undefined ? 'mains' : 'leg';
    return [{ name, unit, index, panel: mains ?? name.slice(0, name.lastIndexOf('-') + 1), part }];
  });
}

/** The circuits the person named, else the only one, else the mains. */
function choose(circuits: readonly Circuit[], { intake, sample }: Table): readonly Circuit[] {
  const wanted = intake.wantedEntities;
  const names = circuits.map(({ name }) => name);
  const usual = circuits.length === 1 ? circuits : mainsOf(circuits, sample);
  const chosen = wanted === undefined ? usual : circuits.filter(({ name }) => wanted.includes(name));
  const [first] = chosen;
  if (first === undefined) {
    const found = names.slice(0, SHOWN_NAMES).map(quote).join(', ');
    throw choiceNeeded('entity', 'to know which circuit to read', found, names, intake.options.place);
  }
  refuseTwice(chosen, intake, names);
  intake.unit = first.unit;
  if (circuits.length > 1) intake.note(`read: ${chosen.map(({ name }) => name).join(' + ')}`);
  return chosen;
}

/** The mains of each panel: their own column where it is measured, else their legs. */
function mainsOf(circuits: readonly Circuit[], sample: Table['sample']): Circuit[] {
  const isMeasured = ({ index }: Circuit): boolean =>
    sample.some((cells) => {
      const value = readNumber(cells[index] ?? '', '.');
      return value !== MALFORMED && !Number.isNaN(value);
    });
  const mains = circuits.filter(({ part }) => part !== 'circuit');
  const panels = [...new Set(mains.map(({ panel }) => panel))];
  return panels.flatMap((name) => {
    const own = mains.filter(({ panel }) => panel === name);
    const hasLegs = own.some(({ part }) => part === 'leg');
    const measured = own.filter((one) => one.part === 'leg' || !hasLegs || isMeasured(one));
    return wholeOrParts(measured, ({ part }) => part === 'mains');
  });
}

/** @throws LeftOnError `entity_choice_needed` where energy would be counted twice. */
function refuseTwice(chosen: readonly Circuit[], intake: Intake, names: readonly string[]): void {
  const rank = { mains: 0, leg: 1, circuit: 2 } as const;
  for (const whole of chosen) {
    const within = chosen.find(({ panel, part }) => panel === whole.panel && rank[part] > rank[whole.part]);
    if (within === undefined) continue;
    const found = `${quote(whole.name)}, which counts ${quote(within.name)} too`;
    throw choiceNeeded('entity', 'the whole or its parts, not both', found, names, intake.options.place);
  }
}
