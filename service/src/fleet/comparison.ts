import { DAY, SECOND } from '@lefton/core';

/** What one generation of models has told, and over how much time of meters. */
interface GenerationFigures {
  readonly generation: number;
  readonly alarms: number;
  readonly meterMonths: number;
}

/** Which two are held against each other; null where it is not known. */
interface Pair {
  readonly stable: number | null;
  readonly candidate: number | null;
}

const MONTH_S = (30 * DAY) / SECOND;
const ALARMS = 'lefton_generation_alarms_total';
const WATCHED = 'lefton_generation_watched_meter_seconds_total';
/** Two-sided 95 % of a normal distribution. */
const SURE = 1.96;
/** Fewer alarms than this together say nothing. */
const LEAST_ALARMS = 10;

/** The figures of each generation, summed over the metrics that processes answered (Prometheus text format). */
export function figuresIn(metrics: readonly string[]): GenerationFigures[] {
  const sums = new Map<number, { alarms: number; seconds: number }>();
  for (const text of metrics) {
    for (const [, name, generation, value] of text.matchAll(/^(\w+)\{generation="(\d+)"\} (\S+)$/gm)) {
      const key = Number(generation);
      const sum = sums.get(key) ?? { alarms: 0, seconds: 0 };
      sums.set(key, sum);
      if (name === ALARMS) sum.alarms += Number(value);
      if (name === WATCHED) sum.seconds += Number(value);
    }
  }
  return [...sums]
    .sort(([a], [b]) => a - b)
    .map(([generation, { alarms, seconds }]) => ({ generation, alarms, meterMonths: seconds / MONTH_S }));
}

/** What processes use and try, as their metrics tell it; one where they do not agree is not known. */
export function pairIn(metrics: readonly string[]): Pair {
  const only = (role: keyof Pair): number | null => {
    const found = new Set<number>();
    for (const text of metrics)
      for (const [, told, value] of text.matchAll(/^lefton_rollout_generation\{role="(\w+)"\} (\S+)$/gm))
        if (told === role) found.add(Number(value));
    const [first, ...more] = found;
    return first === undefined || more.length > 0 ? null : first;
  };
  return { stable: only('stable'), candidate: only('candidate') };
}

/** How the candidate tells beside the stable one, whatever else there has been. */
export function verdictOf(figures: readonly GenerationFigures[], { stable, candidate }: Pair): string {
  if (stable === null || candidate === null)
    return 'The metrics tell of no trial: name what to compare with --stable and --candidate.';
  const of = (generation: number): GenerationFigures =>
    figures.find((each) => each.generation === generation) ?? { generation, alarms: 0, meterMonths: 0 };
  return verdictOn(of(stable), of(candidate));
}

export const perMeterMonth = ({ alarms, meterMonths }: GenerationFigures): number => alarms / meterMonths;

/** How the second tells beside the first, in a sentence; rates of rare events, taken for Poisson's. */
export function verdictOn(first: GenerationFigures, second: GenerationFigures): string {
  for (const { generation, meterMonths } of [first, second])
    if (meterMonths === 0) return `Too little to tell: generation ${generation} has watched nothing yet.`;
  if (first.alarms + second.alarms < LEAST_ALARMS)
    return `Too little to tell: ${first.alarms + second.alarms} alarms together. Let it go on.`;
  const difference = perMeterMonth(second) - perMeterMonth(first);
  const spread = Math.sqrt(first.alarms / first.meterMonths ** 2 + second.alarms / second.meterMonths ** 2);
  const names = `Generation ${second.generation} alarms`;
  if (Math.abs(difference) < SURE * spread)
    return `${names} as often as ${first.generation}, as far as can be told.`;
  return `${names} ${difference > 0 ? 'more' : 'less'} often than ${first.generation}.`;
}
