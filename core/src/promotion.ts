import type { LeftOnModel } from './model.ts';
import type { Figures } from './trial.ts';

/** Whether a model takes the place of the one in use, and why: one sentence for people. */
export interface Decision {
  readonly promoted: boolean;
  readonly why: string;
}

/** So much less may be found, and so many more false alarms told, by a model that knows more of the home. */
const MARGIN = { recall: 0.05, falseAlarms: 1 };
/** Of what a model finds that tells more than was accepted, one that tells less must find so much. */
const LEAST_FOUND = 0.5;

/** The false alarms that a budget of so many in 30 days allows in so many days. */
export const falseAlarmsAccepted = (perMonth: number, days: number): number =>
  Math.ceil((perMonth * days) / 30);

/** More than this is too many, as a refit sees it: held-out weeks are what they happen to be. */
export const falseAlarmsForgiven = (perMonth: number, days: number): number =>
  falseAlarmsAccepted(perMonth, days) + MARGIN.falseAlarms;

/** Where one of the two cannot decide, there is nothing to compare. */
export function withoutTrial(model: LeftOnModel, champion: LeftOnModel): Decision | undefined {
  const { days } = model.provenance;
  if (model.left_on !== null) {
    if (champion.left_on !== null) return undefined;
    return { promoted: true, why: `It can decide now, on ${days} days; the model before could not.` };
  }
  const knows = `Still learning: ${model.why ?? `${days} days`}`;
  if (champion.left_on !== null) return { promoted: false, why: `${knows}. The model before can decide.` };
  if (days <= champion.provenance.days)
    return { promoted: false, why: `${knows}. Nothing new to learn from.` };
  return { promoted: true, why: `${knows}. It knows more of the home than the one before.` };
}

/** Too little history to compare: whichever has seen more of the home. */
export function untried(model: LeftOnModel, champion: LeftOnModel): Decision {
  const [days, before] = [model.provenance.days, champion.provenance.days];
  const short = `${days} days are too few to hold some out`;
  return days >= before
    ? { promoted: true, why: `${short}; it has seen as much of the home as the model before, or more.` }
    : { promoted: false, why: `${short}; the model before has seen ${before} days.` };
}

/** @param lenient the challenger's successor knows at least as many days, so the margin holds for it */
export function decide(
  champion: Figures,
  challenger: Figures,
  {
    accepted,
    lenient,
    leastRecall,
  }: { readonly accepted: number; readonly lenient: boolean; readonly leastRecall: number },
): Decision {
  const margin = lenient
    ? { ...MARGIN, recall: Math.max(MARGIN.recall, leastRecall) }
    : { recall: 0, falseAlarms: 0 };
  const found = (figures: Figures): number => figures.recall ?? 0;
  const figures = `found ${shown(challenger)}; the model before ${shown(champion)}`;
  // a model that tells of everything finds everything: the budget comes first
  const needless = champion.falseAlarms > accepted + MARGIN.falseAlarms;
  if (
    needless &&
    challenger.falseAlarms < champion.falseAlarms &&
    found(challenger) >= found(champion) * LEAST_FOUND
  )
    return { promoted: true, why: `It has fewer false alarms: ${figures}.` };
  if (found(challenger) < found(champion) - margin.recall - 1e-9)
    return { promoted: false, why: `It finds less: ${figures}.` };
  if (challenger.falseAlarms > Math.max(champion.falseAlarms, accepted) + margin.falseAlarms)
    return { promoted: false, why: `It has more false alarms: ${figures}.` };
  return { promoted: true, why: `Not worse: ${figures}.` };
}

const shown = ({ recall, falseAlarms }: Figures): string =>
  `${recall === null ? 'nothing to find' : recall.toFixed(2)} with ${falseAlarms} false alarms`;
