import { HOUR, energyOver, meanPower, wattHours, watts } from '@lefton/core';
import type { Instant } from '@lefton/core';
import type { Values } from './chronology.ts';
import { PATIENCE, wholeMilli } from './counting.ts';
import type { Counting } from './counting.ts';

/** Less than this is next to nothing in a home: a step that is no more between two rows stays where it is. */
const LEAST_W = 10;
/** A standstill is real where so many steps before and after it would have had time. */
const FEW = 4;

/** Rows from the one that saw the step before, or begins the stretch, to the one that ends with a step. */
interface Run {
  readonly from: number;
  readonly step: number;
  readonly ms: number;
  readonly wh: number;
}

/** Whether one step in that time is power that counts. */
export const isCoarse = (wh: number, ms: number): boolean => wh * HOUR > LEAST_W * ms;

/**
 * The standstills of a register that counts in coarse steps, in a stretch of rows without a gap. While it stands still
 * it hides as much as one step: so much of the next rise belongs to the time since the rise before.
 */
export class Standstills {
  readonly #at: Float64Array;
  readonly #value: Float64Array;
  readonly #end: Instant;
  readonly #stepWh: number;
  readonly #refreshMs: number;

  /** @param values mean powers from row to row, none missing. @param end of the last row. */
  constructor({ at, value }: Values, end: Instant, { wh, refreshMs }: Counting) {
    this.#at = at;
    this.#value = value;
    this.#end = end;
    this.#stepWh = wh;
    this.#refreshMs = refreshMs;
  }

  /** Spreads what they hid, in place; no energy is lost. @param outageMs a longer row is an outage, and keeps what it has. */
  spread(outageMs: number): void {
    let from = 0;
    for (let i = 0; i <= this.#at.length; i++) {
      if (i < this.#at.length && this.#ms(i, i) <= outageMs) continue;
      this.#spreadBetween(from, i);
      from = i + 1;
    }
  }

  #spreadBetween(begin: number, end: number): void {
    let beforeMs = NaN;
    let run = this.#runFrom(begin, end);
    while (run !== undefined) {
      const next = this.#runFrom(run.step + 1, end);
      if (next !== undefined && run.from === begin && this.#isCut(run, next)) {
        this.#move(this.#hidden(next), next.step, run.from, next.step);
        this.#move(this.#hidden(run), run.step, run.from, next.step);
        beforeMs = next.ms;
        run = this.#runFrom(next.step + 1, end);
        continue;
      }
      const restMs = this.#ms(run.step + 1, end - 1);
      const goesOn = next === undefined && restMs > 0 && restMs <= FEW * run.ms;
      this.#settle(run, goesOn ? end - 1 : run.step, beforeMs, next?.ms ?? NaN);
      beforeMs = run.ms;
      run = next;
    }
  }

  /** The stretch began within a step, whose energy would look like more power than it was. */
  #isCut(run: Run, next: Run): boolean {
    if (run.ms >= next.ms || next.from === next.step) return false;
    return (
      this.#refreshMs > 0 || (isCoarse(this.#stepWh, this.#rowMs(run)) && isCoarse(this.#stepWh, next.ms))
    );
  }

  /** @param to the step's row, or the last of the rows in which the register stands still until the stretch ends. */
  #settle(run: Run, to: number, beforeMs: number, nextMs: number): void {
    const { from, step, ms, wh } = run;
    if (from === step || (this.#refreshMs === 0 && !isCoarse(this.#stepWh, this.#rowMs(run)))) return;
    if (ms <= PATIENCE * this.#refreshMs) {
      this.#move(wh, step, from, step);
      return;
    }
    const hidden = Math.min(wh, this.#stepWh);
    const shown = wholeMilli(wh - hidden);
    const usualMs = Math.max(...[beforeMs, nextMs].filter((known) => known > 0));
    if (ms > FEW * usualMs && usualMs > 0 && !isCoarse(this.#stepWh, ms)) {
      const lastMs = shown > 0 ? 0 : nextMs > 0 ? nextMs : beforeMs;
      this.#move(wh, step, this.#within(run, Math.max(lastMs, this.#refreshMs)), step);
      return;
    }
    this.#move(shown, step, this.#within(run, this.#refreshMs), step);
    this.#move(hidden, step, from, to);
  }

  #hidden({ wh }: Run): number {
    return this.#refreshMs > 0 ? wh : Math.min(wh, this.#stepWh);
  }

  /** The first row of a run from which no more than that time is left until its step, and at the latest the last one. */
  #within({ from, step }: Run, ms: number): number {
    let first = step;
    while (first > from && this.#ms(first - 1, step) <= ms) first -= 1;
    return first;
  }

  /** Takes energy out of the row of a step, and spreads it over rows. */
  #move(wh: number, step: number, from: number, to: number): void {
    if (from === to) return;
    const left = this.#energy(step) - wh;
    this.#value[step] = wholeMilli(left) === 0 ? 0 : meanPower(wattHours(left), this.#ms(step, step));
    const power = meanPower(wattHours(wh), this.#ms(from, to));
    for (let i = from; i <= to; i++) this.#value[i] = (this.#value[i] ?? NaN) + power;
  }

  #runFrom(from: number, end: number): Run | undefined {
    for (let step = from; step < end; step++) {
      const wh = this.#energy(step);
      if (wholeMilli(wh) > 0) return { from, step, ms: this.#ms(from, step), wh };
    }
    return undefined;
  }

  #rowMs({ step }: Run): number {
    return this.#ms(step, step);
  }

  #energy(row: number): number {
    return energyOver(watts(this.#value[row] ?? NaN), this.#ms(row, row));
  }

  #ms(from: number, to: number): number {
    return (this.#at[to + 1] ?? this.#end) - (this.#at[from] ?? this.#end);
  }
}
