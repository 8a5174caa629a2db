import { meanPower, wattHours } from '@lefton/core';
import { cadenceOf } from './cadence.ts';
import type { Values } from './chronology.ts';

/** So many equal steps in a row are a coarser cadence, fewer are gaps. */
const COARSER_RUN = 4;

/**
 * Length of every interval of a file that does not say it: the time to the next row, or the typical time where rows
 * are missing. Devices change their interval within a file, so a shorter step, or a run of longer ones, is believed.
 * @param at ascending, unique instants at the start of the intervals, or at their end with `ends`.
 */
export function intervalLengths(at: Float64Array, ends: boolean): Float64Array {
  const { stepMs } = cadenceOf(at);
  const lengths = new Float64Array(at.length).fill(stepMs);
  const step = (i: number): number => (at[i + 1] ?? NaN) - (at[i] ?? NaN);
  let run = 0;
  for (let i = 0; i + 1 < at.length; i++) {
    run = step(i) === step(i - 1) ? run + 1 : 1;
    const row = ends ? i + 1 : i;
    if (step(i) <= stepMs) lengths[row] = step(i);
    else if (run === COARSER_RUN) lengths.fill(step(i), row - COARSER_RUN + 1, row + 1);
    else if (run > COARSER_RUN) lengths[row] = step(i);
  }
  // the row at the open side has no neighbour to measure against
  const [open, neighbour] = ends ? [0, 1] : [at.length - 1, at.length - 2];
  if (at.length > 1) lengths[open] = lengths[neighbour] ?? stepMs;
  return lengths;
}

/** Turns watt-hours per interval into mean watts, in place. */
export function energyToPower({ value }: Values, lengths: Float64Array): void {
  value.forEach((energy, i) => (value[i] = meanPower(wattHours(energy), lengths[i] ?? NaN)));
}
