import type { CompiledModel } from './model/compiled.ts';
import { openedAtOf } from './episode.ts';
import type { MeterState } from './meter-state.ts';
import type { Policy } from './policy.ts';
import type { Instant } from './time.ts';

/** Of the mean power above usual when an episode opened: with less it is off, with more it is still on. */
const OFF_SHARE = 0.5;
const ON_SHARE = 0.8;
/** With less than this above usual when it opened, the power itself does not say when it is off. */
const LEAST_EXCESS_W = 60;

/**
 * The score that counts while an episode is open. Runs end a while after what made them, and begin anew after a gap; the
 * power itself says sooner that it is off, and more surely that it is still on.
 */
export function whileOpen(
  model: CompiledModel,
  policy: Policy,
  state: MeterState,
  at: Instant,
  mean: number,
  score: number,
): number {
  const then = state.excessAtOpening;
  if (!(then >= LEAST_EXCESS_W)) return score;
  // usual power that has risen or fallen since, as with the sun, says nothing of what was left on
  const excess = mean - model.usualAt(at);
  const excessOfThen = mean - model.usualAt(openedAtOf(state.episode) - 1);
  if (Math.min(excess, excessOfThen) > then * ON_SHARE) return Math.max(score, policy.closeAt);
  return Math.max(excess, excessOfThen) <= then * OFF_SHARE ? 0 : score;
}
