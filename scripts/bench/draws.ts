import { DAY, pooled, Trial } from '@lefton/core';
import type { Evaluation, Series, Zone } from '@lefton/core';
import { referenceUniform } from './injection.ts';
import { runOf, tell } from './product.ts';
import { HISTORY } from './protocol.ts';

/** Days that the history is longer by: a week's refits fall on other weekdays then. */
const LATER = [0, 2, 5];

/** Means of the product's figures. */
export interface Means {
  readonly recall: number;
  readonly recallWithinHour: number;
  readonly medianDelayMin: number;
  readonly falseAlarmsPer30Days: number;
}

/**
 * What the product finds with other appliances at other times, refitted on other weekdays: one run says little of a
 * setting. The first draw of the first weekday is the reference's.
 */
export function meansOfDraws(clean: Series, zone: Zone, draws: number): Means {
  const each = LATER.map((days, weekday) => {
    const cut = Math.trunc(clean.watts.length * HISTORY) + (days * DAY) / clean.stepMs;
    const quiet = runOf(clean, cut);
    const trials = Array.from({ length: draws }, (_, draw) => {
      const uniform = referenceUniform(draw === 0 ? 0 : draw * LATER.length + weekday);
      const trial = new Trial(clean, cut, { uniform });
      return { trial, run: runOf(trial.injected, cut) };
    });
    tell(clean, [quiet, ...trials.map(({ run }) => run)], cut, zone);
    return pooled(trials.map(({ trial, run }) => trial.judge(quiet.on, run.on)));
  });
  const mean = (figure: (evaluation: Evaluation) => number | null): number =>
    each.reduce((sum, evaluation) => sum + (figure(evaluation) ?? NaN), 0) / each.length;
  return {
    recall: mean(({ recall }) => recall),
    recallWithinHour: mean(({ recallWithinHour }) => recallWithinHour),
    medianDelayMin: mean(({ medianDelayMs }) => (medianDelayMs === null ? null : medianDelayMs / 60_000)),
    falseAlarmsPer30Days: mean(({ falseAlarmsPer30Days }) => falseAlarmsPer30Days),
  };
}
