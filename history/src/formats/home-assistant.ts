import { Choice } from '../table/choice.ts';
import { directionOf } from '../power/direction.ts';
import type { TableFormat } from '../format.ts';
import type { Intake } from '../intake.ts';
import { unitNeeded } from '../question.ts';
import { quote } from '../quote.ts';
import { TimeColumn } from '../times/time-column.ts';
import { guessUnit, sensorKind, unitInName } from '../numbers/unit-guess.ts';

/**
 * Home Assistant's history download: `entity_id,state,last_changed`, written on change, in the sensor's unit, which
 * the file does not say. Source: the frontend's history panel.
 */
export const homeAssistant: TableFormat = {
  name: 'home-assistant',
  labels: 'stated',
  recognise: (columns) => (columns.has('entity_id', 'state', 'last_changed') ? 1 : 0),
  open: (table) => {
    const { columns, intake } = table;
    const [entity, state] = [columns.index('entity_id'), columns.index('state')];
    const changed = columns.index('last_changed');
    const time = new TimeColumn(table, changed, {});
    const choice = new Choice(intake, 'entity');
    return {
      row: (cells, line) => {
        const name = cells[entity] ?? '';
        const at = time.read(cells[changed] ?? '', line);
        if (Number.isNaN(at) || !choice.accepts(name, line)) return;
        // the unit is known after the last row
        const track = intake.track(name, sensorKind('W', time.clock, 'import'));
        track.add(at, intake.number(cells[state], line), line);
      },
      end: () => {
        choice.end();
        const { names } = choice;
        for (const name of names) settleUnit(intake, name, choice);
      },
    };
  },
};

function settleUnit(intake: Intake, name: string, choice: Choice): void {
  const several = choice.names.length > 1;
  const track = intake.existing(name);
  if (track === undefined) return;
  const stated = intake.wantedUnit ?? unitInName(name);
  const unit = stated ?? guessUnit(name, track.raw());
  if (unit === undefined) {
    const units = ['W', 'kW', 'Wh', 'kWh', 'MWh'] as const;
    const lacking = 'the unit of its states, which the file does not say';
    throw unitNeeded(lacking, `states of ${quote(name)}`, units, intake.options.place);
  }
  track.kind = sensorKind(unit, track.kind.clock, directionOf(intake, name, several));
  if (several && track.kind.quantity === 'power') {
    throw choice.needed('one entity of power, or several registers to add', quote(name));
  }
  intake.unit = unit;
  if (stated === undefined) intake.note(`${name}: taken as ${unit} by its name and numbers`);
}
