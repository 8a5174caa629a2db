import { DAY, fit } from '@lefton/core';
import type { FitOptions, History } from '@lefton/core';
import { lessonsOf } from './lessons.ts';
import { trainRange } from './range-network.ts';
import type { TrainingOptions } from './quantile-network.ts';
import { quantileTable, rangeQuality } from './range-quality.ts';
import type { RangeQuality } from './range-quality.ts';
import type { TensorFlow } from './tensorflow.ts';

/** Held out are the last four weeks, or a quarter of a history that is shorter than sixteen. */
const HELD_OUT_DAYS = 28;
/** Plain quantiles of more would be those of other seasons; core's range sees as many. */
const PLAIN_DAYS = 120;
/** Less is as good: another seed moves the loss by as much. */
const AS_GOOD = 0.03;
/** Of fewer days nobody can say who is better. */
const LEAST_DAYS = 7;

/** Three expected ranges on weeks that none of them has seen. */
export interface RangeTrial {
  readonly heldOutDays: number;
  readonly network: RangeQuality;
  /** That of core's fit: made to be wide enough for all but the most extreme days. */
  readonly fitted: RangeQuality;
  /** The plain quantiles of each bucket of the week over the last 120 days before. */
  readonly plain: RangeQuality;
}

/**
 * Learns a history without its last weeks, three times, and looks how well they fit.
 * @throws Error where the history is too short for that
 */
export async function rangeTrial(
  tf: TensorFlow,
  history: History,
  options: FitOptions,
  training: TrainingOptions,
): Promise<RangeTrial> {
  const { at } = history;
  const end = (at.at(-1) ?? 0) + 1;
  const heldOutDays = Math.min(HELD_OUT_DAYS, Math.round((end - (at[0] ?? 0)) / DAY / 4));
  if (heldOutDays === 0) throw new Error('less than two days are too few to hold one out of');
  const until = end - heldOutDays * DAY;
  const before = lessonsOf(history, { ...options, until });
  const recent = lessonsOf(history, { ...options, from: until - PLAIN_DAYS * DAY, until });
  const after = lessonsOf(history, { ...options, from: until });
  const network = await trainRange(tf, before, training);
  const range = network.range();
  network.dispose();
  return {
    heldOutDays,
    network: rangeQuality(range, after),
    fitted: rangeQuality(fit(history, { ...options, until }).expected, after),
    plain: rangeQuality(quantileTable(recent), after),
  };
}

/** What a trial found, line by line; the last one says who was better. */
export function trialSentences({ heldOutDays, network, fitted, plain }: RangeTrial): string[] {
  const line = (name: string, { lossW, below, above }: RangeQuality): string =>
    `${name}: pinball loss ${lossW.toFixed(1)} W, ${percent(below)} below, ${percent(above)} above`;
  return [
    `held out ${heldOutDays} ${heldOutDays === 1 ? 'day' : 'days'}:`,
    line('network', network),
    line('expected range of lefton fit', fitted),
    line('plain quantiles of each hour of the week', plain),
    heldOutDays < LEAST_DAYS
      ? `Too few days to say which is better: it takes ${4 * LEAST_DAYS} to hold ${LEAST_DAYS} out of. Keep the table.`
      : verdict(network.lossW, fitted.lossW, plain.lossW),
  ];
}

function verdict(networkW: number, fittedW: number, plainW: number): string {
  const best = Math.min(fittedW, plainW);
  if (networkW < best * (1 - AS_GOOD)) return 'The network fits these weeks best.';
  if (networkW <= best * (1 + AS_GOOD)) return 'The network is as good as the better table, and no better.';
  return `The network is worse than ${plainW < fittedW ? 'the plain quantiles' : 'lefton fit'}: keep the table.`;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
