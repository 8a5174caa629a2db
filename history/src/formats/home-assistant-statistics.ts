import { HOUR, MINUTE } from '@lefton/core';
import { Choice } from '../table/choice.ts';
import { directionOf } from '../power/direction.ts';
import type { TableFormat } from '../format.ts';
import type { Intake } from '../intake.ts';
import { readNumber } from '../numbers/number-text.ts';
import { alternatives, unitNeeded } from '../question.ts';
import { quote } from '../quote.ts';
import { statedUnit } from '../numbers/stated-unit.ts';
import type { StatedUnit } from '../numbers/stated-unit.ts';
import { TimeColumn } from '../times/time-column.ts';
import type { Track } from '../power/track.ts';
import { guessUnit, sensorKind } from '../numbers/unit-guess.ts';

/** Home Assistant's own choice for sums. */
const KWH: StatedUnit = { name: 'kWh', quantity: 'energy', scale: 1_000 };

const SHORT = 5 * MINUTE;

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
    const { columns, intake } = table;
    const [id, start] = [columns.index('statistic_id'), columns.index('start', 'start_ts')];
    const [sum, mean] = [columns.index('sum'), columns.index('mean')];
    const unit = columns.index('unit', 'unit_of_measurement');
    const time = new TimeColumn(table, start, {});
    const choice = new Choice(intake, 'entity');
    /** What the file states, by entity. */
    const units = new Map<string, string>();
    return {
      row: (cells, line) => {
        const name = cells[id] ?? '';
        const at = time.read(cells[start] ?? '', line);
        if (Number.isNaN(at) || !choice.accepts(name, line)) return;
        const [total = '', power = '', stated = ''] = [cells[sum], cells[mean], cells[unit]?.trim()];
        const known = units.get(name);
        if (stated !== known && !isNothing(stated)) {
          if (known !== undefined) {
            intake.reject(line, `${name} is in ${quote(known)} before and in ${quote(stated)} here`);
            return;
          }
          units.set(name, stated);
        }
        if (!isNothing(total)) {
          const register = intake.track(`${name} sum`, sensorKind('kWh', time.clock, 'import'));
          register.add(at, intake.number(total, line), line);
        } else if (!isNothing(power)) {
          const track = intake.track(`${name} mean`, sensorKind('W', time.clock, 'import'));
          track.add(at, intake.number(power, line), line);
        } else {
          intake.existing(`${name} sum`)?.add(at, intake.number(total, line), line);
          intake.existing(`${name} mean`)?.add(at, intake.number(power, line), line);
        }
      },
      end: () => {
        choice.end();
        const { names } = choice;
        const read = names.flatMap((name) => settleUnits(intake, name, units.get(name), names.length > 1));
        intake.unit = [...new Set(read)].join(', ');
      },
    };
  },
};

const isNothing = (text: string): boolean => Number.isNaN(readNumber(text, '.'));

/** Gives the tracks of an entity their units, and returns the names of these. */
function settleUnits(intake: Intake, name: string, stated: string | undefined, several: boolean): string[] {
  const direction = directionOf(intake, name, several);
  const settle = (track: Track, { quantity, scale, name: unit }: StatedUnit): string => {
    const kind = quantity === 'power' ? 'power' : 'register';
    track.kind = { ...track.kind, quantity: kind, scale, direction, incessant: true };
    return unit;
  };
  const read: string[] = [];
  const register = intake.existing(`${name} sum`);
  if (register !== undefined) {
    // a total is that of the end of its interval
    register.kind = { ...register.kind, lags: periodsOf(register) };
    const unit = unitOf(intake, name, stated, 'energy');
    if (unit === undefined) intake.note(`${name}: sum taken as kWh`);
    read.push(settle(register, unit ?? KWH));
  }
  const power = intake.existing(`${name} mean`);
  if (power !== undefined) {
    const unit =
      unitOf(intake, name, stated, 'power') ?? statedUnit(guessUnit(`${name} power`, power.raw()) ?? '');
    if (unit === undefined) {
      const lacking = 'the unit of its means, which the file does not say';
      throw unitNeeded(lacking, `statistics of ${name}`, ['W', 'kW'], intake.options.place);
    }
    read.push(settle(power, unit));
  }
  return read;
}

/** The unit as the file states it, else as the person says; undefined where neither does. */
function unitOf(
  intake: Intake,
  name: string,
  stated: string | undefined,
  quantity: StatedUnit['quantity'],
): StatedUnit | undefined {
  const unit = [stated, intake.wantedUnit]
    .map((text) => statedUnit(text ?? ''))
    .find((known) => known?.quantity === quantity);
  if (unit !== undefined || stated === undefined) return unit;
  const units = quantity === 'power' ? (['W', 'kW'] as const) : (['Wh', 'kWh', 'MWh'] as const);
  const lacking = `a unit of ${quantity} such as ${alternatives(units)}`;
  throw unitNeeded(lacking, `${quote(stated)} for ${name}`, units, intake.options.place);
}

/** Short-term statistics stand 5 minutes apart, long-term ones an hour; a file may have both, the older ones by the hour. */
function periodsOf(track: Track): Float64Array {
  const { at } = track.raw();
  const isNext = (i: number, period: number): boolean =>
    [i - 1, i + 1].some((other) => Math.abs((at[i] ?? NaN) - (at[other] ?? NaN)) === period);
  const periods = at.map((_, i) => (isNext(i, SHORT) ? SHORT : isNext(i, HOUR) ? HOUR : NaN));
  const short = periods.reduce((count, period) => count + Number(period === SHORT), 0);
  // between gaps it is that of the most
  const usual = short * 2 > at.length ? SHORT : HOUR;
  return periods.map((period) => (Number.isNaN(period) ? usual : period));
}
