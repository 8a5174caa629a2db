import { HOUR, MINUTE } from '@lefton/core';
import { Choice } from '../choice.ts';
import { directionOf } from '../direction.ts';
import type { TableFormat } from '../format.ts';
import type { Intake } from '../intake.ts';
import { TimeColumn } from '../time-column.ts';
import { guessUnit, sensorKind } from '../unit-guess.ts';
import type { Unit } from '../options.ts';

const UNITS: Readonly<Record<string, Unit>> = { w: 'W', kw: 'kW', wh: 'Wh', kwh: 'kWh' };

/**
 * Home Assistant's long-term statistics, from its API or database: `statistic_id,start,…` with `mean` (power) or
 * `state,sum` (energy). A row stands at the start of its hour; its sum is the total at the end. `state` starts anew
 * with the meter, `sum` does not, so sum is used.
 */
export const homeAssistantStatistics: TableFormat = {
  name: 'home-assistant-statistics',
  labels: 'stated',
  recognise: (columns) =>
    columns.has('statistic_id') &&
    columns.index('start', 'start_ts') >= 0 &&
    columns.index('sum', 'mean') >= 0
      ? 1
      : 0,
  open: (table) => {
    const { columns, sample, intake } = table;
    const [id, start] = [columns.index('statistic_id'), columns.index('start', 'start_ts')];
    const [sum, mean] = [columns.index('sum'), columns.index('mean')];
    const unit = columns.index('unit', 'unit_of_measurement');
    const time = new TimeColumn(table, start, {});
    const period = periodOf(sample.map((cells) => time.peek(cells[start] ?? '')));
    const choice = new Choice(intake, 'entity');
    let named: Unit | undefined;
    return {
      row: (cells, line) => {
        const name = cells[id] ?? '';
        const at = time.read(cells[start] ?? '', line);
        if (Number.isNaN(at) || !choice.accepts(name, line)) return;
        named ??= UNITS[(cells[unit] ?? '').trim().toLowerCase()];
        const total = cells[sum] ?? '';
        if (total.trim() === '') {
          const power = intake.track(`${name} mean`, sensorKind('W', time.clock, 'import'));
          power.add(at, intake.number(cells[mean], line), line);
        } else {
          const register = intake.track(`${name} sum`, sensorKind('kWh', time.clock, 'import'));
          register.add(at + period, intake.number(total, line), line);
        }
      },
      end: () => {
        choice.end();
        const { names } = choice;
        for (const name of names) settleUnits(intake, name, named, names.length > 1);
      },
    };
  },
};

function settleUnits(intake: Intake, name: string, named: Unit | undefined, several: boolean): void {
  const unit = intake.options.unit ?? named;
  const direction = directionOf(intake, name, several);
  const power = intake.existing(`${name} mean`);
  const register = intake.existing(`${name} sum`);
  intake.unit = unit ?? 'kWh';
  if (register !== undefined) {
    register.kind = sensorKind(unit === 'Wh' ? 'Wh' : 'kWh', register.kind.clock, direction);
    if (unit === undefined) intake.note(`${name}: sum taken as kWh`);
  }
  if (power === undefined) return;
  const watts = unit ?? guessUnit(`${name} power`, power.raw());
  if (watts === undefined) {
    const hint = 'the unit of its means, which the file does not say: pass unit (--unit W or kW)';
    throw intake.fault('unit_needed', hint, `statistics of ${name}`);
  }
  intake.unit = watts;
  power.kind = sensorKind(watts === 'kW' ? 'kW' : 'W', power.kind.clock, direction);
}

/** Short-term statistics stand 5 minutes apart, long-term ones an hour. */
function periodOf(starts: readonly number[]): number {
  const steps = starts.slice(1).map((start, i) => Math.abs(start - (starts[i] ?? NaN)));
  return steps.filter((step) => step === 5 * MINUTE).length * 2 > steps.length ? 5 * MINUTE : HOUR;
}
