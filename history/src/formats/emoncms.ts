import type { TableFormat } from '../format.ts';
import { readNumber, MALFORMED } from '../numbers/number-text.ts';
import { unitNeeded } from '../question.ts';
import { TimeColumn } from '../times/time-column.ts';
import { guessUnit, sensorKind } from '../numbers/unit-guess.ts';

const MOMENT = /^(?:\d{9,13}(?:\.\d+)?|\d{4}-\d\d-\d\d[T ]\d.*|\d\d?[/-]\d\d?[/-]\d{4} \d.*)$/;

/**
 * emonCMS csvexport: one feed, no heading, an epoch or formatted time and a value, `null` where missing; W, or the
 * running kWh, as the feed is.
 */
export const emoncms: TableFormat = {
  name: 'emoncms',
  labels: 'start',
  headless: true,
  recognise: ({ names: [time = '', value, ...more] }) =>
    MOMENT.test(time) && value !== undefined && readNumber(value, '.') !== MALFORMED && more.length === 0
      ? 0.5
      : 0,
  open: (table) => {
    const { intake } = table;
    const time = new TimeColumn(table, 0, {});
    const track = intake.track('feed', sensorKind('W', time.clock, 'import'));
    return {
      row: (cells, line) => {
        const at = time.read(cells[0] ?? '', line);
        if (!Number.isNaN(at)) track.add(at, intake.number(cells[1], line), line);
      },
      end: () => {
        const unit = intake.wantedUnit ?? guessUnit('', track.raw());
        if (unit === undefined) {
          const lacking = 'the unit of the feed, which the file does not say';
          throw unitNeeded(lacking, 'numbers that may be either', ['W', 'kWh'], intake.options.place);
        }
        if (intake.wantedUnit === undefined) intake.note(`taken as ${unit}, as the numbers only rise`);
        track.kind = sensorKind(unit, time.clock, 'import');
        intake.unit = unit;
      },
    };
  },
};
