import { countAlarms } from './evaluate.ts';

/** 1 where the score is above the threshold; unknown is not. */
export function above(score: Float64Array, threshold: number): Uint8Array {
  const on = new Uint8Array(score.length);
  for (let i = 0; i < on.length; i++) if ((score[i] ?? NaN) > threshold) on[i] = 1;
  return on;
}

const HALVINGS = 40;

/**
 * The most sensitive threshold with at most `perMonth` false alarms in 30 of the tested days, looked up on those very
 * days: it compares scores and is nothing a home could know. score: of the clean run, tested from step `cut` on.
 */
export function bestThreshold(
  score: Float64Array,
  stepMs: number,
  cut: number,
  testDays: number,
  perMonth = 1,
): number {
  const tested = score
    .subarray(cut)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const middle = (tested.length - 1) / 2;
  let low = ((tested[Math.floor(middle)] ?? NaN) + (tested[Math.ceil(middle)] ?? NaN)) / 2;
  let high = (tested[tested.length - 1] ?? NaN) * 1.001 + 1e-9;
  for (let i = 0; i < HALVINGS; i++) {
    const guess = (low + high) / 2;
    const perThirtyDays = (countAlarms(above(score, guess), stepMs, cut) / testDays) * 30;
    if (perThirtyDays <= perMonth) high = guess;
    else low = guess;
  }
  return high;
}
