import { backtestInSlices } from '../evaluate/backtest.ts';
import type { Policy } from '../policy.ts';
import { fit } from '../fit.ts';
import type { FitOptions } from '../fit.ts';
import { endOf, upTo } from '../series/history.ts';
import type { History } from '../series/history.ts';
import type { ModelQuality } from '../model/model.ts';
import { partOf } from '../progress.ts';
import { DAY, overlap } from '../time.ts';

/** Held out for measuring, and at least as much must be left to fit. */
const HELD_OUT_DAYS = 28;
const LEAST_DAYS = 7;
/** What is done once the model is fitted. */
const FIT_DONE = 0.6;

/**
 * How a home's model would have done on its own last four weeks, fitted on what came before: alerts per 30 days that no
 * `left_on` window explains. Null with less than eight weeks of history, or with a model that cannot decide.
 */
export function holdOut(history: History, options: FitOptions, policy: Policy): ModelQuality | null {
  const end = endOf(history, options.until);
  const from = end - HELD_OUT_DAYS * DAY;
  if (from - (history.at[0] ?? 0) < HELD_OUT_DAYS * DAY) return null;
  const seen = upTo(history, end);
  const model = fit(seen, { ...options, until: from, progress: partOf(options.progress, 0, FIT_DONE) });
  // what decides nothing would have told nothing
  if (model.left_on === null) return null;
  const trial = partOf(options.progress, FIT_DONE, 1);
  const steps = backtestInSlices(seen, model, {
    meter: options.meter ?? 'home',
    policy,
    from,
  });
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) if (typeof step.value === 'number') trial?.(step.value);
  trial?.(1);
  const { days, stretches, readings } = step.value;
  if (readings === 0 || days < LEAST_DAYS) return null;
  const known = (options.windows ?? []).filter(({ label }) => label === 'left_on');
  const alerts = stretches.filter((stretch) => !known.some((window) => overlap(stretch, window)));
  return {
    held_out_days: Math.round(days),
    alerts_per_30_days: Math.round((alerts.length / days) * 300) / 10,
  };
}
