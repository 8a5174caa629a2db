import { HOUR, MINUTE, formatUtc, isInstant } from '@lefton/core';
import type { Instant, Zone } from '@lefton/core';
import { chronological } from './chronology.ts';
import type { Values } from './chronology.ts';
import { counted } from '../counted.ts';
import { resolveDates } from '../times/date-order.ts';
import { energyToPower, intervalLengths } from './interval.ts';
import { LineLog } from '../table/line-log.ts';
import { LocalTimes } from '../times/local-time.ts';
import { Packed } from './packed.ts';
import { registerDifferences } from './register.ts';
import { standardOffset, toFixedOffset } from '../times/standing-clock.ts';

/** The last millisecond that has a date in ECMAScript. */
const LAST_DATE = 8.64e15;

/** What a home draws at night, more or less. */
const USUAL_W = 100;

/** What the numbers of a track are: power, energy in each interval, or the total of a register. */
export type Quantity = 'power' | 'energy' | 'register';

/** What the times of a track are. fixed: local time without summer time. undecided: see TimeText. */
export type Clock = 'instant' | 'local' | 'fixed' | 'undecided';

/** Which end of its interval a row's time names; stated: the file gives the start itself. */
export type Labels = 'start' | 'end' | 'stated';

/** What a track holds: its quantity, how its numbers become W or Wh, and whether they count as import or export. */
export interface TrackKind {
  readonly quantity: Quantity;
  readonly clock: Clock;
  /** W or Wh per unit of the file. */
  readonly scale: number;
  readonly direction: 'import' | 'export';
  /** So many milliseconds after the time that a row names its value is of, by row; used once the clock of that time is known. */
  readonly lags?: ArrayLike<number>;
  /** It never rests: where it lacks a time that others have, its value is missing, not 0. */
  readonly incessant?: boolean;
  /** One phase of several: where it has no value nothing is known of their sum. */
  readonly phase?: boolean;
}

/** What settling a track needs to know, and whom it tells. */
export interface Settling {
  readonly place: string;
  readonly zone: Zone | undefined;
  readonly dayFirst: boolean | undefined;
  readonly labels: Labels;
  readonly maxPowerW: number;
  /** No reading is from later than this. */
  readonly until: Instant;
  readonly note: (text: string) => void;
  readonly reject: (line: number, why: string) => void;
}

/** Mean powers of one track in order of time; NaN where missing. */
export interface Powers extends Values {
  readonly duplicates: number;
  /** Duplicates whose values differ. */
  readonly conflicts: number;
  /** Each value holds until the next one, instead of for an interval of its own. */
  readonly holds: boolean;
  readonly direction: 'import' | 'export';
  /** See TrackKind. */
  readonly incessant?: boolean;
  readonly phase?: boolean;
  /** How long each value holds, of tracks whose values others may have in shorter intervals. */
  readonly lengths?: Float64Array;
}

/** One column of numbers over time: one register, one tariff or one direction of a meter. */
export class Track {
  kind: TrackKind;
  readonly #at = new Packed();
  readonly #value = new Packed();
  readonly #lines = new LineLog();
  /** Of a track on a local clock, once that is read. */
  #local: LocalTimes | undefined;

  constructor(kind: TrackKind) {
    this.kind = kind;
  }

  /** Takes one value, NaN where the file says that there is none. at is on the clock of the track. */
  add(at: number, value: number, line: number): void {
    this.#at.push(at);
    this.#value.push(value);
    this.#lines.push(line);
  }

  /** Times and numbers as the file has them, in its order. */
  raw(): Values {
    return { at: this.#at.view(), value: this.#value.view() };
  }

  /** Settles the order of dates. Gives the local times, where the track is on a local clock. */
  readClock(settling: Settling): LocalTimes | undefined {
    const raw = this.raw();
    if (this.kind.clock === 'undecided') {
      const dayFirst = resolveDates(raw.at, settling.place, settling.dayFirst);
      settling.note(`dates read with the ${dayFirst ? 'day' : 'month'} first`);
      raw.at.forEach((time, i) => {
        if (Number.isNaN(time)) settling.reject(this.#lines.lineOf(i), 'there is no such date');
      });
      this.kind = { ...this.kind, clock: 'local' };
    }
    const { zone } = settling;
    this.#local = zone !== undefined && this.kind.clock === 'local' ? new LocalTimes(raw, zone) : undefined;
    return this.#local;
  }

  /**
   * Instants instead of clock times, watts instead of the file's numbers. Uses up the track, whose clock is read.
   * @param standing offset of the file's clock, where it was never put forward or back.
   */
  settle(settling: Settling, standing: number | undefined): Powers {
    const { quantity, scale, direction, incessant = false, phase = false, lags } = this.kind;
    const raw = this.#local?.raw ?? this.raw();
    this.#toInstants(raw, settling, standing);
    if (lags !== undefined) raw.at.forEach((time, i) => (raw.at[i] = time + (lags[i] ?? 0)));
    this.#rejectImpossible(raw, settling);
    const { at, value, duplicates, conflicts } = chronological(raw);
    if (conflicts > 0)
      settling.note(
        `${counted(conflicts, 'time comes', 'times come')} with two different values: the later row counts`,
      );
    if (scale !== 1) value.forEach((number, i) => (value[i] = number * scale));
    if (quantity === 'register') {
      const differences = registerDifferences({ at, value }, settling.maxPowerW);
      const { refused, resets, coarseWh } = differences;
      if (refused > 0)
        settling.note(`${counted(refused, 'total')} ran backwards or too fast to be true: left out`);
      if (resets > 0) settling.note(`the register started anew ${counted(resets, 'time')}`);
      if (coarseWh > 0) {
        const minutes = Math.round((coarseWh * HOUR) / (USUAL_W * MINUTE));
        settling.note(
          `the register counts in steps of ${coarseWh} Wh, at ${USUAL_W} W one in ${counted(minutes, 'minute')}: shorter use is not seen`,
        );
      }
      // what rose by a whole step before anything is known of the time before
      this.#bound(differences.value, settling);
      return { ...differences, duplicates, conflicts, holds: true, direction, incessant, phase };
    }
    const ends = settling.labels === 'end';
    if (quantity === 'energy' || ends) {
      const lengths = intervalLengths(at, ends);
      if (at.length === 1) settling.note('one row alone does not tell how long its interval is');
      if (quantity === 'energy') energyToPower({ at, value }, lengths);
      if (ends && at.length > 1) at.forEach((time, i) => (at[i] = time - (lengths[i] ?? NaN)));
    }
    this.#bound(value, settling);
    const powers = { at, value, duplicates, conflicts, holds: false, direction, incessant, phase };
    return incessant ? { ...powers, lengths: intervalLengths(at, false) } : powers;
  }

  #bound(value: Float64Array, { maxPowerW, note }: Settling): void {
    let beyond = 0;
    value.forEach((watts, i) => {
      if (Math.abs(watts) <= maxPowerW || Number.isNaN(watts)) return;
      value[i] = NaN;
      beyond += 1;
    });
    if (beyond > 0)
      note(
        `${counted(beyond, 'value')} beyond ${maxPowerW} W ${beyond === 1 ? 'is' : 'are'} taken as missing`,
      );
  }

  /** One row from another century would make the history as long as that. */
  #rejectImpossible({ at, value }: Values, { until, reject }: Settling): void {
    at.forEach((time, i) => {
      if (Number.isNaN(time) || (time <= until && isInstant(Math.floor(time)))) return;
      at[i] = NaN;
      // exports name the rest of the month, and leave it blank
      if (Number.isNaN(value[i])) return;
      reject(this.#lines.lineOf(i), `expected a time from 1990 until now, found ${nameOf(time)}`);
    });
  }

  #toInstants({ at, value }: Values, { zone, note, reject }: Settling, standing: number | undefined): void {
    if (zone === undefined) return;
    if (this.kind.clock === 'fixed') toFixedOffset(at, standardOffset(zone, at[0] ?? 0));
    const local = this.#local;
    if (local === undefined) return;
    if (standing !== undefined) {
      toFixedOffset(at, standing);
      return;
    }
    local.toInstants(zone);
    for (const day of local.onceOnly) note(`${day} has the repeated hour only once: taken as the first pass`);
    for (const day of local.guessed)
      note(`${day} has the repeated hour in no order of time: which of two rows was first is a guess`);
    for (const i of local.skipped) {
      // a blank is what a file with 24 rows a day has here
      if (Number.isNaN(value[i])) continue;
      reject(this.#lines.lineOf(i), `no such local time in ${zone.name}: the clocks were put forward`);
    }
  }
}

/** A time as people write it, where there is such a date. */
const nameOf = (time: number): string => (Math.abs(time) <= LAST_DATE ? formatUtc(time) : String(time));
