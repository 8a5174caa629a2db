import { baselines, evaluateRuns } from '@lefton/core';
import type { Evaluation, Scorer, Series, Zone } from '@lefton/core';
import { inject } from './injection.ts';
import type { Injection } from './injection.ts';
import { above, bestThreshold } from './threshold.ts';

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
const HISTORY = 0.6;

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
  const testDays = known(clean.known.subarray(cut)) * stepDays;
  const trial: Trial = { ...inject(clean, cut), clean, cut, testDays };
  const history = { ...clean, watts: clean.watts.subarray(0, cut), known: clean.known.subarray(0, cut) };
  const rows = baselines.map(({ name, fit }) => {
    note(name);
    return atBest(name, trial, ...scores(fit(history, zone), trial));
  });
  for (const detector of detectors) {
    note(detector.name);
    rows.push(...streamRows(detector, trial, zone));
  }
  const missing = length === 0 ? 0 : 1 - known(clean.known) / length;
  return { home, stepMin: clean.stepMs / 60_000, days: length * stepDays, missing, testDays, rows };
}

interface Trial extends Injection {
  readonly clean: Series;
  readonly cut: number;
  readonly testDays: number;
}

const known = (flags: Uint8Array): number => flags.reduce((sum, flag) => sum + flag, 0);

const scores = (
  score: Scorer,
  { clean, injected }: Injection & Pick<Trial, 'clean'>,
): [Float64Array, Float64Array] => [score(clean), score(injected)];

function streamRows(detector: StreamDetector, trial: Trial, zone: Zone): readonly Row[] {
  const { clean, injected, cut } = trial;
  const run = detector.run(clean, injected, cut, zone);
  const evaluation = evaluated(trial, run.cleanOn, run.injectedOn);
  const causal: Row = { name: detector.name, reading: 'causal', threshold: null, evaluation };
  const { cleanScore, injectedScore } = run;
  if (cleanScore === undefined || injectedScore === undefined) return [causal];
  return [causal, atBest(detector.name, trial, cleanScore, injectedScore)];
}

function atBest(name: string, trial: Trial, clean: Float64Array, injected: Float64Array): Row {
  const threshold = bestThreshold(clean, trial.clean.stepMs, trial.cut, trial.testDays);
  const evaluation = evaluated(trial, above(clean, threshold), above(injected, threshold));
  return { name, reading: 'best', threshold, evaluation };
}

function evaluated(trial: Trial, cleanOn: Uint8Array, injectedOn: Uint8Array): Evaluation {
  const { startAt, stepMs } = trial.clean;
  const windows = trial.times.map(({ from, length }) => ({
    from: startAt + from * stepMs,
    to: startAt + (from + length) * stepMs,
  }));
  return evaluateRuns({
    startAt,
    stepMs,
    cleanOn,
    injectedOn,
    cut: trial.cut,
    windows,
    cleanDays: trial.testDays,
  });
}
