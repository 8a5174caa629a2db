import { LeftOnError, isInstant } from '@lefton/core';
import type { Table } from '../format.ts';
import type { Intake } from '../intake.ts';
import { readNumber } from '../numbers/number-text.ts';
import { quote } from '../quote.ts';
import { TimeText } from './time-text.ts';
import type { DateOrder } from './time-text.ts';
import type { Clock } from '../power/track.ts';

/** How a format writes its times, where it always does so. */
export interface TimeHabit {
  /** Order of dates such as 03/04/2024. */
  readonly order?: DateOrder;
  /** Times without an offset are UTC. */
  readonly utc?: boolean;
}

/** Where the time of a row stands. */
export type TimeCells = number | ((cells: readonly string[]) => string);

const EPOCH_SECONDS = /^\d{9,10}(?:\.\d{1,6})?$/;
const EPOCH_MILLISECONDS = /^\d{12,13}$/;

/** Reads the times of one column; decides from the first rows on which clock they are. */
export class TimeColumn {
  readonly clock: Clock;
  readonly #intake: Intake;
  readonly #text: TimeText;
  /** Milliseconds per unit of a column of epoch numbers, 0 in one of times. */
  readonly #epoch: number;
  readonly #utc: boolean;

  /**
   * @param time index of the column, or what makes one text of several columns.
   * @throws LeftOnError `zone_needed` when the times are local and nobody said where.
   */
  constructor({ intake, sample: rows }: Pick<Table, 'intake' | 'sample'>, time: TimeCells, habit: TimeHabit) {
    const { dayFirst } = intake.options;
    const order =
      dayFirst === undefined ? (habit.order ?? 'undecided') : dayFirst ? 'day_first' : 'month_first';
    this.#intake = intake;
    this.#text = new TimeText(order);
    this.#utc = habit.utc ?? false;
    const texts = rows.map((cells) => (typeof time === 'number' ? (cells[time] ?? '') : time(cells)).trim());
    const sample =
      texts.find((text) => this.#epochOf(text) > 0 || !Number.isNaN(this.#text.read(text))) ?? '';
    this.#epoch = this.#epochOf(sample);
    this.clock = this.#clockOf(sample);
    if (this.clock === 'instant') return;
    if (intake.zone === undefined) throw zoneNeeded(intake.options.place, sample);
    intake.localTimes = true;
  }

  /** Time on the column's clock; NaN, with the row rejected, when the text is no such time. */
  read(text: string, line: number): number {
    if (this.#epoch > 0) {
      const at = Math.round(readNumber(text, '.') * this.#epoch);
      return isInstant(at) ? at : this.#reject(text, line);
    }
    const time = this.#text.read(text);
    if (Number.isNaN(time) || this.#text.packed !== (this.clock === 'undecided'))
      return this.#reject(text, line);
    const { offset } = this.#text;
    if (this.clock === 'instant') {
      if (!Number.isNaN(offset)) return time - offset;
      if (this.#utc) return time;
      this.#intake.reject(line, `${quote(text)} has no offset, unlike the first rows`);
      return NaN;
    }
    if (Number.isNaN(offset)) return time;
    this.#intake.reject(line, `${quote(text)} has an offset, unlike the first rows`);
    return NaN;
  }

  #reject(text: string, line: number): number {
    this.#intake.reject(line, `expected a time, found ${quote(text)}`);
    return NaN;
  }

  #epochOf(text: string): number {
    return EPOCH_SECONDS.test(text) ? 1_000 : EPOCH_MILLISECONDS.test(text) ? 1 : 0;
  }

  #clockOf(sample: string): Clock {
    if (this.#epoch > 0) return 'instant';
    const time = this.#text.read(sample);
    if (!Number.isNaN(this.#text.offset) || this.#utc || Number.isNaN(time)) return 'instant';
    return this.#text.packed ? 'undecided' : 'local';
  }
}

function zoneNeeded(place: string, sample: string): LeftOnError {
  return new LeftOnError({
    code: 'zone_needed',
    place,
    expected: 'the zone of its local times: pass zone, for example --zone Europe/Paris',
    found: `times without a zone such as ${quote(sample)}`,
  });
}
