import { fit } from '@lefton/core';
import type { Evaluation } from '@lefton/core';
import { byModel } from './contest.ts';
import type { Contest } from './contest.ts';

/** What a budget of false alarms came to on weeks that the model had not seen. */
export interface SensitivityPoint {
  /** False alarms in 30 days that were accepted: it sets how long something must last to be called unusual. */
  readonly perMonth: number;
  readonly evaluation: Evaluation;
}

const BUDGETS = [0.25, 0.5, 1, 2, 4, 8];

/** Enters core's model once per budget; the person's own budget is among them. */
export async function sensitivity(contest: Contest, perMonth: number): Promise<SensitivityPoint[]> {
  const points: SensitivityPoint[] = [];
  for (const budget of [...new Set([...BUDGETS, perMonth])].sort((a, b) => a - b)) {
    const model = byModel('LeftOn', ({ history, options }) =>
      fit(history, { ...options, falseAlarmsPerMonth: budget }),
    );
    const { clean, injected } = await model.enter(contest);
    points.push({ perMonth: budget, evaluation: contest.trial.judge(clean, injected) });
  }
  return points;
}

/** What the person's own budget brings, in sentences; the last one says what to do. */
export function sensitivityAnswer(points: readonly SensitivityPoint[], perMonth: number): string[] {
  const own = points.find((point) => point.perMonth === perMonth);
  if (own === undefined) throw new RangeError(`no point for a budget of ${perMonth}`);
  const said = ({ perMonth: budget, evaluation }: SensitivityPoint): string => {
    const { recall, medianDelayMs, falseAlarmsPer30Days } = evaluation;
    const delay =
      medianDelayMs === null ? '' : `, half of that within ${Math.round(medianDelayMs / 60_000)} min`;
    const found = recall === null ? 'had nothing to find' : `finds ${(100 * recall).toFixed(0)} %${delay}`;
    return `A budget of ${budget} in 30 days ${found}, with ${(falseAlarmsPer30Days ?? 0).toFixed(1)} false alarms really met.`;
  };
  const next = points.find((point) => point.perMonth > perMonth);
  return [
    said(own),
    ...(next === undefined ? [] : [said(next)]),
    `To keep yours: lefton fit --false-alarms-per-month ${perMonth}.`,
  ];
}

/** The same as lines for people. */
export const sensitivityTable = (points: readonly SensitivityPoint[]): string[] => [
  ['budget', 'found', 'within 1 h', 'delay min', 'false/30 d'].map((text) => text.padStart(12)).join(''),
  ...points.map(({ perMonth, evaluation }) => {
    const { recall, recallWithinHour, medianDelayMs, falseAlarmsPer30Days } = evaluation;
    const delay = medianDelayMs === null ? '-' : (medianDelayMs / 60_000).toFixed(0);
    const shares = [recall, recallWithinHour].map((share) => share?.toFixed(2) ?? '-');
    return [String(perMonth), ...shares, delay, falseAlarmsPer30Days?.toFixed(1) ?? '-']
      .map((text) => text.padStart(12))
      .join('');
  }),
];
