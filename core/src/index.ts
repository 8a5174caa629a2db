export * from './evaluate/appliance.ts';
export * from './evaluate/backtest.ts';
export * from './refit/challenge.ts';
export { notLearned } from './refit/come-to-stay.ts';
export * from './series/cadence.ts';
export { CommonParts, CompiledModel, compileModel } from './model/compiled.ts';
export * from './detect.ts';
export { scoreNow } from './score-now.ts';
export { defaultEpisodePolicy, type EpisodePolicy, type Phase } from './episode.ts';
export * from './errors.ts';
export * from './event.ts';
export * from './baselines/index.ts';
export * from './evaluate/evaluate.ts';
export { type ExpectedRange, WEEK_BUCKETS } from './model/expected.ts';
export {
  adoptModel,
  createState,
  keepsTrailing,
  type MeterState,
  restoreState,
  saveState,
  STATE_SLOTS,
} from './meter-state.ts';
export { partOf, type Progress } from './progress.ts';
export { falseAlarmsForgiven } from './refit/promotion.ts';
export { type Figures, Trial, type TrialOptions } from './evaluate/trial.ts';
export { SeriesRun } from './series/series-run.ts';
export { inject, type Injection, type Uniform } from './evaluate/injection.ts';
export * from './evaluate/threshold.ts';
export { holdOut } from './refit/hold-out.ts';
export * from './model/min-max.ts';
export * from './model/model.ts';
export type { ModelFacts } from './model/model-facts.ts';
export { defaultLimits, judgeAlone, type QualityLimits, type Verdict, VERDICTS } from './quality.ts';
export { alertingFrom, defaultPolicy, isAway, type Policy } from './policy.ts';
export { quantile } from './quantile.ts';
export { isMeterName, LONGEST_METER, METER_NAME } from './meter-name.ts';
export * from './reading.ts';
export * from './score.ts';
export * from './series/resampler.ts';
export * from './series/series.ts';
export * from './time.ts';
export * from './units.ts';
export * from './words/index.ts';
export { Zone } from './zone.ts';
export { reasonOf } from './explain.ts';
export { MADE_BEFORE, type OtherVersion, parseModel } from './model/model-file.ts';
export { fit, type FitOptions, type History, historyOf, runsOf } from './fit.ts';
export {
  betaOf,
  HourlyTails,
  LEAST_FROM,
  type LearnedRuns,
  type LeftOnEvidence,
  type Run,
  type Tail,
  type Tails,
  type TailsOf,
  WATCH_KINDS,
  type Watcher,
} from './left-on/index.ts';
export { type ModelBytes, PackedModel } from './model/packed-model.ts';
export { type Label, parseWindows, type Window } from './series/window.ts';
