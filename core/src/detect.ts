import type { CompiledModel } from './compiled.ts';
import { defaultEpisodePolicy, lastHotOf, onsetOf, stepEpisode } from './episode.ts';
import type { EpisodePolicy } from './episode.ts';
import { episodeId } from './event.ts';
import type { AnomalyEvent, AnomalyType } from './event.ts';
import { addExcess, excessSince } from './excess.ts';
import { whyOf } from './explain.ts';
import { leftOnSince, resetLeftOn, stepLeftOn } from './left-on/index.ts';
import type { MeterState } from './meter-state.ts';
import { defaultLimits, judge } from './quality.ts';
import type { QualityLimits } from './quality.ts';
import type { Reading } from './reading.ts';
import type { CurrentScore } from './score.ts';
import { DAY, HOUR } from './time.ts';
import type { Instant, Stretch } from './time.ts';
import { watts } from './units.ts';

/** Nothing happened: shared, so that a quiet reading allocates nothing. */
const NOTHING: readonly AnomalyEvent[] = [];
/** After a gap this long, what was trailing says nothing any more. */
const FORGET_MS = DAY;

/** When to speak up, and what this meter can physically do. */
export interface Policy extends EpisodePolicy {
  readonly limits: QualityLimits;
  /** When nobody is at home: less is unusual then. */
  readonly away: readonly Stretch[];
}

/** While nobody is at home a run need last only this share as long. */
const AWAY_SHARE = 0.6;

export const defaultPolicy: Policy = { ...defaultEpisodePolicy, limits: defaultLimits, away: [] };

/**
 * Judges, folds and scores one reading, and says what happened. The one way forward: service, backtest and notebooks
 * all call it. Changes `state` in place; a pure fold otherwise, so the same readings give the same events and state.
 * Scoring never learns. Allocates only when something happened. `state.verdict` says how the reading was judged.
 * @param now the caller's clock, Infinity for files
 */
export function detect(
  model: CompiledModel,
  policy: Policy,
  state: MeterState,
  reading: Reading,
  now: Instant,
): readonly AnomalyEvent[] {
  const before = state.newestReading;
  state.verdict = judge(policy.limits, model.frozenMs, state.quality, reading, now);
  if (state.verdict !== 'ok') return NOTHING;
  let events = NOTHING;
  if (!Number.isNaN(state.silentSince)) {
    events = [eventOf('meter_back', model, policy, state, reading.at, state.silentSince)];
    state.silentSince = NaN;
  }
  if (model.model.kind === 'min-max') {
    const happened = scoreReading(model, policy, state, reading, before);
    return happened === null ? events : [...events, happened];
  }
  if (reading.at - before > FORGET_MS && model.leftOn !== null) resetLeftOn(model.leftOn, state.leftOn);
  const { resampler } = state;
  resampler.push(reading.at, reading.watts);
  while (resampler.next()) {
    const happened = foldStep(model, policy, state, resampler.start, resampler.mean, resampler.known);
    if (happened !== null) events = [...events, happened];
  }
  return events;
}

/** To be called now and then: a meter not heard for long is an event of its own. */
export function silence(
  model: CompiledModel,
  policy: Policy,
  state: MeterState,
  now: Instant,
): readonly AnomalyEvent[] {
  const newest = state.newestReading;
  const due = now - newest >= Math.max(policy.silentMs, 3 * model.cadence.stepMs);
  if (!due || !Number.isNaN(state.silentSince)) return NOTHING;
  state.silentSince = newest;
  return [eventOf('meter_silent', model, policy, state, now, newest)];
}

/** What is known of the newest step. */
export function scoreNow(model: CompiledModel, state: MeterState): CurrentScore {
  if (Number.isNaN(state.newest)) return { known: false, why: 'no reading yet' };
  if (Number.isNaN(state.watts)) return { known: false, why: 'a gap in the readings' };
  if (Number.isNaN(state.score)) return { known: false, why: whyUnknown(model) };
  const usual = model.usualAt(state.newest - 1);
  return {
    known: true,
    score: state.score,
    at: state.newest,
    watts: watts(state.watts),
    usualWatts: Number.isNaN(usual) ? null : watts(usual),
  };
}

function whyUnknown({ model }: CompiledModel): string {
  return model.kind === 'left-on' && model.why !== null ? model.why : 'too few readings since the last gap';
}

function foldStep(
  model: CompiledModel,
  policy: Policy,
  state: MeterState,
  startAt: Instant,
  mean: number,
  known: boolean,
): AnomalyEvent | null {
  const { stepMs } = model.cadence;
  const at = startAt + stepMs;
  if (model.leftOn === null) {
    state.note(at, known ? mean : NaN, NaN);
    return null;
  }
  const minute = model.zone.minuteOfDay(startAt);
  const run = stepLeftOn(model.leftOn, state.leftOn, startAt, minute, mean, known);
  const score = isAway(policy, startAt) ? run / AWAY_SHARE : run;
  if (known) addExcess(state.excess, startAt, stepMs, mean, model.usualAt(startAt));
  state.note(at, known ? mean : NaN, score);
  // runs end a while after what made them; the power itself says it sooner
  const off = state.phase === 'open' && mean <= state.stillOnAbove;
  const happened = stepEpisode(policy, state.episode, at, off ? 0 : score, leftOnSince(state.leftOn));
  if (happened === null) return null;
  const since = onsetOf(state.episode);
  if (happened === 'opened') state.stillOnAbove = halfOfWhatIsOn(model, state, at, since);
  // what was trailing through the episode is explained by it, and must not alert again
  if (happened === 'closed') resetLeftOn(model.leftOn, state.leftOn);
  return eventOf(happened, model, policy, state, at, since);
}

function isAway({ away }: Policy, at: Instant): boolean {
  for (const { from, to } of away) if (at >= from && at < to) return true;
  return false;
}

/** Usual power and half of the mean excess since the onset. */
function halfOfWhatIsOn(model: CompiledModel, state: MeterState, at: Instant, since: Instant): number {
  return model.usualAt(at - 1) + (excessSince(state.excess, since) * HOUR) / (at - since) / 2;
}

/** The article's way: each single reading is scored. */
function scoreReading(
  model: CompiledModel,
  policy: Policy,
  state: MeterState,
  reading: Reading,
  before: Instant,
): AnomalyEvent | null {
  const { at } = reading;
  const held = Math.min(at - before, model.cadence.holdMs);
  if (held > 0) addExcess(state.excess, before, held, state.watts, model.usualAt(before));
  const result = model.scoreAt(at, reading.watts);
  const score = result.known ? result.score : NaN;
  state.note(at, reading.watts, score);
  const happened = stepEpisode(policy, state.episode, at, score, at);
  return happened === null ? null : eventOf(happened, model, policy, state, at, onsetOf(state.episode));
}

function eventOf(
  type: AnomalyType,
  model: CompiledModel,
  policy: Policy,
  state: MeterState,
  at: Instant,
  since: Instant,
): AnomalyEvent {
  // a step ends where the next hour begins; it belongs to the hour it was in
  const within = at - 1;
  const usual = model.usualAt(within);
  const excessWh = excessSince(state.excess, since);
  const silent = type === 'meter_silent' || type === 'meter_back';
  return {
    type,
    episode: episodeId(state.meter, since),
    meter: state.meter,
    at,
    hour: model.zone.hour(within),
    day: model.zone.weekday(within) + 1,
    watts: silent || Number.isNaN(state.watts) ? null : watts(state.watts),
    usualWatts: Number.isNaN(usual) ? null : watts(usual),
    score: Number.isNaN(state.score) || silent ? null : state.score,
    since,
    until: type === 'closed' ? lastHotOf(state.episode) : null,
    excessWh,
    cost: policy.pricePerKwh === null ? null : (excessWh / 1000) * policy.pricePerKwh,
    ...whyOf(type, model, state, at, since),
  };
}
