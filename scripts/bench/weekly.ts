import { above } from '@lefton/core';
import type { Baseline, Series, Zone } from '@lefton/core';
import type { StreamDetector, StreamRun } from './protocol.ts';

const WEEK_MS = 7 * 86_400_000;
/** What trailing features look back over, so that a week's first scores are whole. */
const LOOK_BACK_MS = 86_400_000;

/** A baseline as a home would get it: fitted anew every week on all clean days before, alarming above `alertAt`. */
export function weekly(baseline: Baseline, alertAt: number): StreamDetector {
  return {
    name: `${baseline.name}, weekly, above ${alertAt}`,
    run: (clean, injected, cut, zone) => runWeekly(baseline, alertAt, clean, injected, cut, zone),
  };
}

function runWeekly(
  baseline: Baseline,
  alertAt: number,
  clean: Series,
  injected: Series,
  cut: number,
  zone: Zone,
): StreamRun {
  const length = clean.watts.length;
  const [week, lookBack] = [WEEK_MS / clean.stepMs, LOOK_BACK_MS / clean.stepMs];
  const cleanScore = new Float64Array(length).fill(NaN);
  const injectedScore = new Float64Array(length).fill(NaN);
  for (let from = cut; from < length; from += week) {
    const score = baseline.fit(part(clean, 0, from), zone);
    const first = Math.max(0, from - lookBack);
    const end = Math.min(length, from + week);
    cleanScore.set(score(part(clean, first, end)).subarray(from - first), from);
    injectedScore.set(score(part(injected, first, end)).subarray(from - first), from);
  }
  return {
    cleanOn: above(cleanScore, alertAt),
    injectedOn: above(injectedScore, alertAt),
    cleanScore,
    injectedScore,
  };
}

/** The steps from <= i < to. */
function part({ startAt, stepMs, watts, known }: Series, from: number, to: number): Series {
  return {
    startAt: startAt + from * stepMs,
    stepMs,
    watts: watts.subarray(from, to),
    known: known.subarray(from, to),
  };
}
