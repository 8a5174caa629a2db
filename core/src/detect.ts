import type { CompiledModel } from './model/compiled.ts';
import { onsetOf, resetEpisode, stepEpisode } from './episode.ts';
import { NO_EVENTS } from './event.ts';
import type { AnomalyEvent } from './event.ts';
import { eventOf } from './event-of.ts';
import { addExcess, excessNow, excessSince, NO_EXCESS, totalOf } from './excess.ts';
import { leftOnSince, resetLeftOn, stepLeftOn } from './left-on/index.ts';
import type { MeterState } from './meter-state.ts';
import { AWAY_SHARE, isAway } from './policy.ts';
import type { Policy } from './policy.ts';
import { addMeanPower, beginMeanPower, drawnIn } from './mean-power.ts';
import { judge } from './quality.ts';
import type { Reading } from './reading.ts';
import { usualOf } from './score-now.ts';
import { whileOpen } from './still-on.ts';
import { DAY, HOUR } from './time.ts';
import type { Instant } from './time.ts';

/** After a gap this long, what was trailing says nothing any more. */
const FORGET_MS = DAY;

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
  if (state.verdict !== 'ok') return NO_EVENTS;
  let events = NO_EVENTS;
  if (!Number.isNaN(state.silentSince)) {
    events = [eventOf('meter_back', model, policy, state, reading.at, state.silentSince)];
    state.silentSince = NaN;
  }
  if (reading.at < before) {
    // a clock that was ahead has been put right: what went by it is over
    if (state.phase === 'open')
      events = [...events, eventOf('closed', model, policy, state, before, onsetOf(state.episode))];
    resetEpisode(state.episode);
    state.forgetTrailing(model);
  }
  if (model.kind === 'min-max') {
    const happened = scoreReading(model, policy, state, reading, before);
    return happened === null ? events : [...events, happened];
  }
  // the step that was under way began before the reading that was before
  if (reading.at - before > FORGET_MS - model.cadence.stepMs) state.forgetTrailing(model);
  const { resampler } = state;
  resampler.push(reading.at, reading.watts);
  while (resampler.next()) {
    const happened = foldStep(model, policy, state, resampler.start, resampler.mean, resampler.known);
    if (happened !== null) events = [...events, happened];
  }
  return events;
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
    // what was open under another model can still close
    const closed = known ? stepEpisode(policy, state.episode, at, 0, NaN) : null;
    return closed === null ? null : eventOf(closed, model, policy, state, at, onsetOf(state.episode));
  }
  const hour = model.bucketAt(startAt) % 24;
  const run = stepLeftOn(model.leftOn, state.leftOn, startAt, hour, mean, known);
  const score = isAway(policy, startAt) ? run / AWAY_SHARE : run;
  if (known) {
    addExcess(state.excess, startAt, stepMs, mean, model.usualAt(startAt));
    if (state.phase === 'open') addMeanPower(state.meanPower, mean, stepMs);
  }
  state.note(at, known ? mean : NaN, score);
  const shown = state.phase === 'open' ? whileOpen(model, policy, state, startAt, mean, score) : score;
  const happened = stepEpisode(policy, state.episode, at, shown, leftOnSince(model.leftOn, state.leftOn));
  if (happened === null) return null;
  const since = onsetOf(state.episode);
  if (happened === 'opened') open(model, state, at, since);
  // what was trailing through the episode is explained by it, and must not alert again
  if (happened === 'closed') resetLeftOn(model.leftOn, state.leftOn);
  return eventOf(happened, model, policy, state, at, since);
}

/** The article's way: each single reading is scored. */
function scoreReading(
  model: CompiledModel,
  policy: Policy,
  state: MeterState,
  reading: Reading,
  before: Instant,
): AnomalyEvent | null {
  const { at, hour } = reading;
  const held = Math.min(at - before, state.resampler.holdMs);
  if (held > 0) {
    addExcess(state.excess, before, held, state.watts, usualOf(model, before, hour));
    if (state.phase === 'open') addMeanPower(state.meanPower, state.watts, held);
    state.resampler.noteDistance(at - before);
  }
  const result =
    hour === undefined ? model.scoreAt(at, reading.watts) : model.scoreAtHour(hour, reading.watts);
  const score = result.known ? result.score : NaN;
  state.note(at, reading.watts, score);
  state.toldHour = hour;
  const happened = stepEpisode(policy, state.episode, at, score, at);
  if (happened === null) return null;
  if (happened === 'opened') open(model, state, at, at);
  return eventOf(happened, model, policy, state, at, onsetOf(state.episode), hour);
}

/** Notes what an episode that opens is measured by. */
function open(model: CompiledModel, state: MeterState, at: Instant, since: Instant): void {
  const excess = at > since ? excessSince(state.excess, since, at) : NO_EXCESS;
  state.totalAtOnset = totalOf(state.excess) - excess.wh;
  // what else was on in the beginning is not what is still on
  state.excessAtOpening = Math.min((excess.wh * HOUR) / excess.knownMs, excessNow(state.excess, at));
  beginMeanPower(state.meanPower, drawnIn(model, since, excess), excess.knownMs);
}
