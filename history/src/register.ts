import { energyOver, meanPower, wattHours, watts } from '@lefton/core';
import type { Values } from './chronology.ts';
import { Packed } from './packed.ts';

/** So many totals that agree with each other but not with the ones before mean a new meter or a reset. */
const REBASE_AFTER = 3;

/** Mean powers between the totals of a register. NaN where a total is missing or refused, and at the last one. */
export interface Differences extends Values {
  /** Totals that went backwards or rose faster than the home can draw. */
  readonly refused: number;
  /** Times the register started anew. */
  readonly resets: number;
}

/**
 * Differences of a cumulative register. A total that goes backwards (reset, roll-over, one zero) or jumps beyond
 * what maxPowerW allows is left out without becoming the new base; the next good delta spreads over the real time.
 * @param at ascending, unique instants. @param value totals in Wh, NaN where missing.
 */
export function registerDifferences({ at, value }: Values, maxPowerW: number): Differences {
  const out = { at: new Packed(), value: new Packed() };
  const follows = (from: number, to: number): boolean => {
    const delta = (value[to] ?? NaN) - (value[from] ?? NaN);
    return delta >= 0 && delta <= energyOver(watts(maxPowerW), (at[to] ?? NaN) - (at[from] ?? NaN));
  };
  const emit = (from: number, to: number): void => {
    const start = at[from] ?? NaN;
    const energy = wattHours((value[to] ?? NaN) - (value[from] ?? NaN));
    out.at.push(start);
    out.value.push(meanPower(energy, (at[to] ?? NaN) - start));
    // what lies between was missing or refused: a gap, although the energy is known
    for (let i = from + 1; i < to; i++) close(i);
  };
  const close = (last: number): void => {
    out.at.push(at[last] ?? NaN);
    out.value.push(NaN);
  };

  let base = -1;
  let refused = 0;
  let resets = 0;
  let doubted: number[] = [];
  for (let i = 0; i < at.length; i++) {
    if (Number.isNaN(value[i])) continue;
    if (base < 0) base = i;
    else if (follows(base, i)) {
      emit(base, i);
      base = i;
      doubted = [];
    } else {
      refused += 1;
      doubted = follows(doubted.at(-1) ?? i, i) ? [...doubted, i] : [i];
      if (doubted.length < REBASE_AFTER) continue;
      close(base);
      doubted.forEach((to, k) => {
        const from = doubted[k - 1];
        if (from !== undefined) emit(from, to);
      });
      base = i;
      refused -= doubted.length;
      resets += 1;
      doubted = [];
    }
  }
  if (base >= 0) close(base);
  return { at: out.at.view(), value: out.value.view(), refused, resets };
}
