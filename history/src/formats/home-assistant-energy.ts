import type { LeftOnError } from '@lefton/core';
import type { TableFormat } from '../format.ts';
import type { Intake } from '../intake.ts';
import { Packed } from '../power/packed.ts';
import { SHOWN_NAMES } from '../listed.ts';
import { choiceNeeded } from '../question.ts';
import { quote } from '../quote.ts';
import { statedUnit } from '../numbers/stated-unit.ts';
import { TimeColumn } from '../times/time-column.ts';

const DIRECTIONS = new Map<string, 'import' | 'export'>([
  ['grid_consumption', 'import'],
  ['grid_return', 'export'],
]);
/** Columns before the first time. */
const LEADING = 3;

/**
 * The download of Home Assistant's energy dashboard: a row for each entity, a column for each hour or day, headed
 * with its start in UTC, so that each download has columns of its own. Rows of the grid are read, sources and devices are left out.
 */
export const homeAssistantEnergy: TableFormat = {
  name: 'home-assistant-energy',
  labels: 'stated',
  joins: true,
  recognise: ({ names: [entity, type, unit, first] }) =>
    entity === 'entity_id' && type === 'type' && unit === 'unit' && first !== undefined ? 1 : 0,
  open: (table) => {
    const { columns, intake } = table;
    const headings = columns.names.slice(LEADING);
    const time = new TimeColumn({ intake, sample: headings.map((heading) => [heading]) }, 0, {});
    const starts = new Packed();
    for (const heading of headings) starts.push(time.read(heading, table.line));
    const at = starts.view();
    const wanted = intake.wantedEntities;
    const { choices } = intake;
    return {
      row: (cells, line) => {
        const [entity = '', type = '', unitName = ''] = cells;
        const direction = DIRECTIONS.get(type) ?? (wanted === undefined ? undefined : 'import');
        const unit = statedUnit(unitName);
        const energy = unit?.quantity === 'energy' ? unit : undefined;
        if (energy !== undefined && choices.size < SHOWN_NAMES) choices.add(entity);
        if (direction === undefined || (wanted !== undefined && !wanted.includes(entity))) {
          if (type.startsWith('device')) intake.note('rows of devices are left out');
          else if (energy !== undefined) intake.note(`rows of type ${type.slice(0, 40)} are left out`);
          return;
        }
        if (energy === undefined) {
          intake.reject(line, `expected a unit of energy, found ${quote(unitName)}`);
          return;
        }
        intake.unit = energy.name;
        const kind = { quantity: 'energy', clock: time.clock, scale: energy.scale, direction } as const;
        const track = intake.track(`${entity} ${type}`, kind);
        at.forEach((start, i) => {
          if (!Number.isNaN(start)) track.add(start, intake.number(cells[LEADING + i], line), line);
        });
      },
      end: () => {
        refuseOthers(intake);
      },
    };
  },
};

/** Looks at all months: an entity need not be in each. @throws LeftOnError `entity_choice_needed` */
function refuseOthers(intake: Intake): void {
  const read = intake.trackNames.map((name) => name.split(' '));
  const names = [...intake.choices];
  const needed = (lacking: string, found: string): LeftOnError =>
    choiceNeeded('entity', lacking, found, names, intake.options.place);
  const devices = read.filter(([, type = '']) => type.startsWith('device')).length;
  if (devices > 0 && devices < read.length) throw needed('the home or its devices, not both', 'rows of both');
  const lacking =
    intake.wantedEntities?.filter((wanted) => !read.some(([entity]) => entity === wanted)) ?? [];
  if (lacking.length > 0)
    throw needed(
      `${lacking.map(quote).join(', ')}, or to be told another`,
      names.length === 0 ? 'none' : names.map(quote).join(', '),
    );
  if (read.length === 0) throw needed('rows of type grid_consumption, or an entity to read', 'none');
}
