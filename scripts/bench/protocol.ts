import { above, baselines, bestThreshold, Trial } from '@lefton/core';
import type { Evaluation, Series, Zone } from '@lefton/core';
import { referenceUniform } from './injection.ts';

/** What a detector that refits itself on the way said, one entry per step. Steps before the cut do not count. */
export interface StreamRun {
  /** 1 where its own, causal alarm was on. */
  readonly cleanOn: Uint8Array;
  readonly injectedOn: Uint8Array;
  /** Its scores, NaN = unknown, where it has any: for the figures at the best threshold. */
  readonly cleanScore?: Float64Array;
  readonly injectedScore?: Float64Array;
}

/**
 * A detector as a home gets it: everything it uses at a step comes from before that step, thresholds too. It refits
 * weekly, on clean days only, also for the injected run. `clean` and `injected` share their grid and differ from the
 * step `cut` on; `zone` is the one to read the grid's hours in.
 */
export interface StreamDetector {
  readonly name: string;
  readonly run: (clean: Series, injected: Series, cut: number, zone: Zone) => StreamRun;
}

/** One line of the table. `best`: the most sensitive threshold with <= 1 false alarm in 30 days of the test itself. */
export interface Row {
  readonly name: string;
  readonly reading: 'best' | 'causal';
  /** Watts or score; null where the detector has thresholds of its own. */
  readonly threshold: number | null;
  readonly evaluation: Evaluation;
}

export interface HomeResult {
  readonly home: string;
  readonly stepMin: number;
  readonly days: number;
  readonly missing: number;
  readonly testDays: number;
  readonly rows: readonly Row[];
}

/** History = the first 60 % of the days. */
export const HISTORY = 0.6;

/** Runs the whole protocol on one home. note: told what is under way. */
export function measure(
  home: string,
  clean: Series,
  zone: Zone,
  detectors: readonly StreamDetector[],
  note: (what: string) => void = () => undefined,
): HomeResult {
  const length = clean.watts.length;
  const stepDays = clean.stepMs / 86_400_000;
  const cut = Math.trunc(length * HISTORY);
  const trial = new Trial(clean, cut, { uniform: referenceUniform() });
  const history = { ...clean, watts: clean.watts.subarray(0, cut), known: clean.known.subarray(0, cut) };
  const rows = baselines.map(({ name, fit }) => {
    note(name);
    const score = fit(history, zone);
    return atBest(name, trial, score(clean), score(trial.injected));
  });
  for (const detector of detectors) {
    note(detector.name);
    rows.push(...streamRows(detector, trial, zone));
  }
  const missing = length === 0 ? 0 : 1 - known(clean.known) / length;
  return {
    home,
    stepMin: clean.stepMs / 60_000,
    days: length * stepDays,
    missing,
    testDays: trial.days,
    rows,
  };
}

const known = (flags: Uint8Array): number => flags.reduce((sum, flag) => sum + flag, 0);

function streamRows(detector: StreamDetector, trial: Trial, zone: Zone): readonly Row[] {
  const { clean, injected, cut } = trial;
  const run = detector.run(clean, injected, cut, zone);
  const evaluation = trial.judge(run.cleanOn, run.injectedOn);
  const causal: Row = { name: detector.name, reading: 'causal', threshold: null, evaluation };
  const { cleanScore, injectedScore } = run;
  if (cleanScore === undefined || injectedScore === undefined) return [causal];
  return [causal, atBest(detector.name, trial, cleanScore, injectedScore)];
}

function atBest(name: string, trial: Trial, clean: Float64Array, injected: Float64Array): Row {
  const threshold = bestThreshold(clean, trial.clean.stepMs, trial.cut, trial.days);
  const evaluation = trial.judge(above(clean, threshold), above(injected, threshold));
  return { name, reading: 'best', threshold, evaluation };
}
