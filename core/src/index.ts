// Readings, instants and units
export { energyOver, meanPower, type WattHours, wattHours, type Watts, watts } from './units.ts';
export {
  DAY,
  dayOfDate,
  formatUtc,
  HOUR,
  type Instant,
  isInstant,
  merged,
  MINUTE,
  parseInstant,
  SECOND,
  type Stretch,
  wallClockMs,
} from './time.ts';
export { Zone } from './zone.ts';
export { type Reading } from './reading.ts';
export { isMeterName, LONGEST_METER, METER_NAME } from './meter-name.ts';
export {
  beyondMains,
  defaultLimits,
  judgeAlone,
  type QualityLimits,
  REGISTER_STEP_WH,
  VERDICTS,
} from './quality.ts';

// A history in fixed steps
export { type History, historyOf, indexFrom } from './series/history.ts';
export { type Series, toSeries, without } from './series/series.ts';
export { cadenceOf, type Reporting, reportingOf } from './series/cadence.ts';
export { type Cadence } from './series/resampler.ts';
export { parseWindows, type Window } from './series/window.ts';
export { SeriesRun } from './series/series-run.ts';

// A home's model: learned, written, read, made ready
export { fit, type FitOptions, runsOf } from './fit.ts';
export { partOf, type Progress } from './progress.ts';
export {
  betaOf,
  HourlyTails,
  type LearnedRuns,
  LEAST_FROM,
  type Tail,
  type Tails,
  type TailsOf,
  WATCH_KINDS,
} from './left-on/index.ts';
export { type LeftOnModel, type MinMaxModel, type Model, type ModelQuality } from './model/model.ts';
export { MADE_BEFORE, type OtherVersion, parseModel } from './model/model-file.ts';
export { type ExpectedRange, WEEK_BUCKETS } from './model/expected.ts';
export { type ModelBytes, PackedModel } from './model/packed-model.ts';
export { CommonParts, CompiledModel, compileModel } from './model/compiled.ts';

// Readings to events
export { type Expected, type Score } from './score.ts';
export { scoreNow } from './score-now.ts';
export { detect } from './detect.ts';
export { silence, silentFrom } from './silence.ts';
export { createState, type MeterState } from './meter-state.ts';
export { adoptModel, restoreState, saveState } from './saved-state.ts';
export { alertingFrom, defaultPolicy, isAway, type Policy } from './policy.ts';
export { type AnomalyEvent, type AnomalyRecord, type AnomalyType, powerToTell, toRecord } from './event.ts';
export { reasonOf } from './explain.ts';
export {
  duration,
  kilowattHours,
  kilowatts,
  type Language,
  LANGUAGES,
  sentence,
  type Words,
  wordsIn,
} from './words/index.ts';

// How good a model is
export { alarmsOf, evaluateAlarms, type Evaluation, pooled } from './evaluate/evaluate.ts';
export { backtest, backtestInSlices, type BacktestSummary } from './evaluate/backtest.ts';
export { above, bestThreshold } from './evaluate/threshold.ts';
export { type Uniform } from './evaluate/injection.ts';
export { type Figures, Trial } from './evaluate/trial.ts';
export {
  type Baseline,
  baselines,
  minMaxOfHours,
  type Scorer,
  stepsIn,
  trailingMin,
} from './baselines/index.ts';

// A new model against the one in use
export {
  type Challenge,
  challenge,
  challengeBy,
  type ChallengeOptions,
  refitOptions,
} from './refit/challenge.ts';
export { successor } from './refit/successor.ts';
export { falseAlarmsForgiven } from './refit/promotion.ts';
export { holdOut } from './refit/hold-out.ts';
export { notLearned } from './refit/come-to-stay.ts';

// One kind of error, and numbers
export { type Fault, type FaultClass, isTransient, LeftOnError, messageOf } from './errors.ts';
export { quantile } from './quantile.ts';
