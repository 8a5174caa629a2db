import { lastUnusualOf } from './episode.ts';
import { episodeId } from './event.ts';
import type { AnomalyEvent, AnomalyType } from './event.ts';
import { excessSince, NO_EXCESS, totalOf } from './excess.ts';
import { whyOf } from './explain.ts';
import { drawnIn, meanPowerOf } from './mean-power.ts';
import type { MeterState } from './meter-state.ts';
import type { CompiledModel } from './model/compiled.ts';
import type { Policy } from './policy.ts';
import { momentOf, usualOf } from './score-now.ts';
import type { Instant } from './time.ts';
import { wattHours, watts } from './units.ts';

/**
 * An event as its state says it: what happened, to which meter, since when, what it took above usual and why.
 * @param since onset of the episode, or the last reading of a silent meter
 * @param toldHour the local hour, where the reading told it
 */
export function eventOf(
  type: AnomalyType,
  model: CompiledModel,
  policy: Policy,
  state: MeterState,
  at: Instant,
  since: Instant,
  toldHour?: number,
): AnomalyEvent {
  const within = momentOf(model, at);
  const usual = usualOf(model, within, toldHour);
  const silent = type === 'meter_silent' || type === 'meter_back';
  // what came after the end until that was sure is not of the episode
  const end = type === 'closed' ? lastUnusualOf(state.episode) : at;
  const over = model.kind === 'min-max' ? end + state.resampler.periodMs : end;
  const rest = over < at ? excessSince(state.excess, over, at) : NO_EXCESS;
  const mean = silent ? NaN : meanPowerOf(state.meanPower, drawnIn(model, over, rest), rest.knownMs);
  const above = silent ? 0 : totalOf(state.excess) - state.totalAtOnset - rest.wh;
  // what stayed below usual, and was unusual all the same for how long it lasted, took nothing more
  const excessWh = wattHours(Math.max(0, above));
  return {
    type,
    episode: episodeId(state.meter, since),
    meter: state.meter,
    at,
    hour: toldHour ?? model.zone.hour(within),
    day: model.zone.weekday(within) + 1,
    watts: silent || Number.isNaN(state.watts) ? null : watts(state.watts),
    meanWatts: Number.isNaN(mean) ? null : watts(mean),
    usualWatts: Number.isNaN(usual) ? null : watts(usual),
    score: Number.isNaN(state.score) || silent ? null : state.score,
    since,
    until: type === 'closed' ? end : null,
    excessWh,
    cost: policy.pricePerKwh === null ? null : (excessWh / 1000) * policy.pricePerKwh,
    ...whyOf(type, model, state, at, since, toldHour),
  };
}
