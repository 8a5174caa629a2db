import type { CompiledModel } from './model/compiled.ts';
import type { MeterState } from './meter-state.ts';
import type { CurrentScore } from './score.ts';
import type { Instant } from './time.ts';
import { watts } from './units.ts';

/**
 * What is known of the newest step.
 * @param model undefined where it is not in memory: all but the usual power is known without it
 */
export function scoreNow(model: CompiledModel | undefined, state: MeterState): CurrentScore {
  if (Number.isNaN(state.newest)) return { known: false, why: 'no reading yet' };
  if (Number.isNaN(state.watts)) return { known: false, why: 'a gap in the readings' };
  if (Number.isNaN(state.score)) return { known: false, why: whyUnknown(model) };
  const usual = model === undefined ? NaN : usualOf(model, momentOf(model, state.newest), state.toldHour);
  return {
    known: true,
    score: state.score,
    at: state.newest,
    watts: watts(state.watts),
    usualWatts: Number.isNaN(usual) ? null : watts(usual),
  };
}

/** A step ends where the next hour begins and belongs to the hour it was in; a single reading belongs to its own. */
export const momentOf = ({ kind }: CompiledModel, at: Instant): Instant => (kind === 'min-max' ? at : at - 1);

function whyUnknown(model: CompiledModel | undefined): string {
  if (model === undefined) return 'its model is not in memory';
  return model.why ?? 'too few readings since the last gap';
}

/** Usual power in watts at an instant, or in the local hour that a reading told. */
export const usualOf = (model: CompiledModel, at: Instant, toldHour: number | undefined): number =>
  toldHour === undefined ? model.usualAt(at) : model.usualIn(toldHour);
