import type { TableFormat } from '../format.ts';
import type { Intake } from '../intake.ts';
import type { Unit } from '../options.ts';
import { quote } from '../quote.ts';
import { TimeColumn } from '../time-column.ts';

const BUCKET = /^time bucket \((.+)\)$/i;
const CIRCUIT = /^(.*?)\s*\((kwatts|kwhs|watts|whs)\)$/i;
const MAINS = /mains(?:_[abc])?$/i;
const UNITS: Readonly<Record<string, Unit>> = { kwatts: 'kW', watts: 'W', kwhs: 'kWh', whs: 'Wh' };

/** A column of one circuit. */
interface Circuit {
  readonly name: string;
  readonly unit: Unit;
  readonly index: number;
}

/**
 * Emporia Vue's export: `Time Bucket (America/New_York),<panel>-<circuit> (kWatts)`, month first, labelled at the
 * start. Seconds, minutes and quarter hours are mean kW, hours and days kWh; the zone is in the first heading.
 */
export const emporia: TableFormat = {
  name: 'emporia',
  labels: 'start',
  recognise: ({ names }) => (BUCKET.test(names[0] ?? '') && circuitsOf(names).length > 0 ? 1 : 0),
  open: (table) => {
    const { columns, intake } = table;
    const zone = BUCKET.exec(columns.names[0] ?? '')?.[1];
    if (zone !== undefined) intake.suggestZone(zone);
    const time = new TimeColumn(table, 0, { order: 'month_first' });
    const tracks = choose(circuitsOf(columns.names), intake).map(({ name, unit, index }) => ({
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
  return names.flatMap((heading, index) => {
    const [, name = '', suffix = ''] = CIRCUIT.exec(heading) ?? [];
    const unit = UNITS[suffix.toLowerCase()];
    return unit === undefined ? [] : [{ name, unit, index }];
  });
}

/** The circuits the person named, else the only one, else the mains. */
function choose(circuits: readonly Circuit[], intake: Intake): readonly Circuit[] {
  const wanted = intake.wantedEntities;
  const usual = circuits.length === 1 ? circuits : circuits.filter(({ name }) => MAINS.test(name));
  const chosen = wanted === undefined ? usual : circuits.filter(({ name }) => wanted.includes(name));
  const [first] = chosen;
  if (first === undefined) {
    const hint = 'to know which circuit to read: pass entity (--entity NAME)';
    const names = circuits.slice(0, 20).map(({ name }) => quote(name));
    throw intake.fault('choice_needed', hint, names.join(', '));
  }
  intake.unit = first.unit;
  if (circuits.length > 1) intake.note(`read: ${chosen.map(({ name }) => name).join(' + ')}`);
  return chosen;
}
