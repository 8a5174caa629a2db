import { MINUTE, energyOver, meanPower, wattHours, watts } from '@lefton/core';
import { cadenceOf, longestStep } from './cadence.ts';
import type { Values } from './chronology.ts';
import { countingOf } from './counting.ts';
import { Packed } from './packed.ts';
import { Standstills, isCoarse } from './standstill.ts';

/** So many totals that agree with each other but not with the ones before mean a new meter or a reset. */
const REBASE_AFTER = 3;
/** At 100 W a step in six minutes: what is shorter is not seen. */
const HIDING_WH = 10;
/** A row that lasts longer is an outage, unless the others are as long. */
const OUTAGE_MS = 30 * MINUTE;

/** Mean powers between the totals of a register. NaN where a total is missing or refused, and at the last one. */
export interface Differences extends Values {
  /** Totals that went backwards or rose faster than the home can draw. */
  readonly refused: number;
  /** Times the register started anew. */
  readonly resets: number;
  /** Watt-hours by which the register counts, where that hides short use; else 0. */
  readonly coarseWh: number;
}

/**
 * Differences of a cumulative register. A total that goes backwards (reset, roll-over, one zero) or jumps beyond
 * what maxPowerW allows is left out without becoming the new base; the next good delta spreads over the real time.
 * The energy of a coarse step belongs to the time since the step before.
 * @param at ascending, unique instants. @param value totals in Wh, NaN where missing.
 */
export function registerDifferences({ at, value }: Values, maxPowerW: number): Differences {
  const out = { at: new Packed(), value: new Packed() };
  const cadence = cadenceOf(at, value);
  const counting = countingOf({ at, value });
  const outageMs = Math.max(longestStep(cadence), OUTAGE_MS);
  /** @param since when the register last rose: what it hid since then may be in this delta. */
  const follows = (from: number, to: number, since: number): boolean => {
    const delta = (value[to] ?? NaN) - (value[from] ?? NaN);
    const most = (start = NaN): number => energyOver(watts(maxPowerW), (at[to] ?? NaN) - start);
    return delta >= 0 && delta <= Math.min(most(at[from]) + counting.wh, most(since));
  };
  /** Rows from here to the last one follow each other without a gap. */
  let stretch = 0;
  const endStretch = (end: number): void => {
    if (counting.wh === 0) return;
    const rows = { at: out.at.view().subarray(stretch), value: out.value.view().subarray(stretch) };
    new Standstills(rows, at[end] ?? NaN, counting).spread(outageMs);
  };
  const emit = (from: number, to: number): void => {
    const start = at[from] ?? NaN;
    const isGap = to > from + 1;
    if (isGap) endStretch(from);
    const energy = wattHours((value[to] ?? NaN) - (value[from] ?? NaN));
    out.at.push(start);
    out.value.push(meanPower(energy, (at[to] ?? NaN) - start));
    // what lies between was missing or refused: a gap, although the energy is known
    for (let i = from + 1; i < to; i++) unknown(i);
    if (isGap) stretch = out.at.length;
  };
  const unknown = (row: number): void => {
    out.at.push(at[row] ?? NaN);
    out.value.push(NaN);
  };
  const close = (last: number): void => {
    endStretch(last);
    unknown(last);
    stretch = out.at.length;
  };

  let base = -1;
  /** When the register was seen to rise; before that it may have risen at any time. */
  let rose = -Infinity;
  let refused = 0;
  let resets = 0;
  let doubted: number[] = [];
  for (let i = 0; i < at.length; i++) {
    if (Number.isNaN(value[i])) continue;
    if (base < 0) base = i;
    else if (follows(base, i, rose)) {
      emit(base, i);
      if ((value[i] ?? NaN) > (value[base] ?? NaN)) rose = at[i] ?? NaN;
      base = i;
      doubted = [];
    } else {
      refused += 1;
      doubted = follows(doubted.at(-1) ?? i, i, at[doubted.at(-1) ?? i] ?? NaN) ? [...doubted, i] : [i];
      if (doubted.length < REBASE_AFTER) continue;
      close(base);
      doubted.forEach((to, k) => {
        const from = doubted[k - 1];
        if (from !== undefined) emit(from, to);
      });
      base = i;
      rose = -Infinity;
      refused -= doubted.length;
      resets += 1;
      doubted = [];
    }
  }
  if (base >= 0) close(base);
  const hides = counting.wh >= HIDING_WH && isCoarse(counting.wh, cadence.stepMs);
  const coarseWh = hides ? counting.wh : 0;
  return { at: out.at.view(), value: out.value.view(), refused, resets, coarseWh };
}
