import type { LeftOnModel } from '../model/model.ts';
import { signTest } from './sign-test.ts';
import type { Figures } from '../evaluate/trial.ts';

/** Whether a model takes the place of the one in use, and why: one sentence for people. */
export interface Decision {
  readonly promoted: boolean;
  readonly why: string;
}

/** Less is found where so much of the recall is missing, and it is less likely than this that chance drew it so. */
const LESS = { recall: 0.1, chance: 0.01 };
/** So many more false alarms may be told by a model that knows more of the home. */
const MORE_ALARMS = 1;
/** Of what a model finds that tells more than was accepted, one that tells less must find so much. */
const LEAST_FOUND = 0.5;
/** Nobody lives with so many times what was accepted: the home has changed, and what is found of it no longer counts. */
const LOUD = 3;

/** The false alarms that a budget of so many in 30 days allows in so many days. */
export const falseAlarmsAccepted = (perMonth: number, days: number): number =>
  Math.ceil((perMonth * days) / 30);

/** More than this is too many, as a refit sees it: held-out weeks are what they happen to be. */
export const falseAlarmsForgiven = (perMonth: number, days: number): number =>
  falseAlarmsAccepted(perMonth, days) + MORE_ALARMS;

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

/** A window of history that moves on has some days more or fewer from week to week. */
const AS_MANY = 0.9;

/** Whether a model has seen about as many days of the home as another. */
export const knowsAsMuch = ({ provenance }: LeftOnModel, other: LeftOnModel): boolean =>
  provenance.days >= AS_MANY * other.provenance.days;

/** What a decision depends on besides the figures. */
export interface Circumstances {
  /** False alarms that the budget allows in the held-out weeks. */
  readonly accepted: number;
  /** The challenger's successor knows about as many days, so the margins hold for it. */
  readonly lenient: boolean;
  /** Neither has seen the held-out weeks; a model has few false alarms on weeks that it was fitted on. */
  readonly unseen: boolean;
}

/** @param champion and the challenger: on the same weeks, with the same appliances in the same order */
export function decide(
  champion: Figures,
  challenger: Figures,
  { accepted, lenient, unseen }: Circumstances,
): Decision {
  const found = (figures: Figures): number => figures.recall ?? 0;
  const compared = unseen || !lenient;
  const figures = shown(champion, challenger, compared);
  // a model that tells of everything finds everything: the budget comes first
  const needless = champion.falseAlarms > accepted + MORE_ALARMS;
  const fewer = !compared || challenger.falseAlarms < champion.falseAlarms;
  const loud = champion.falseAlarms > accepted * LOUD;
  if (needless && fewer && (loud || found(challenger) >= found(champion) * LEAST_FOUND))
    return {
      promoted: true,
      why: `${compared ? 'It has fewer false alarms' : tooMuch(champion, accepted)}: ${figures}.`,
    };
  if (lenient ? findsLess(champion, challenger) : found(challenger) < found(champion))
    return { promoted: false, why: `It finds less: ${figures}.` };
  const more = lenient ? MORE_ALARMS : 0;
  if (compared && challenger.falseAlarms > Math.max(champion.falseAlarms, accepted) + more)
    return { promoted: false, why: `It has more false alarms: ${figures}.` };
  return { promoted: true, why: `Not worse: ${figures}.` };
}

const tooMuch = ({ falseAlarms }: Figures, accepted: number): string =>
  `The model before tells too much, ${falseAlarms} false alarms where ${accepted} ${accepted === 1 ? 'was' : 'were'} accepted`;

/** By the appliances that only one of both has found: more draws make it more certain, and what both do alike says nothing. */
function findsLess(champion: Figures, challenger: Figures): boolean {
  const missed = (by: Figures, of: Figures): number =>
    by.delaysMs.filter((delay, i) => delay === null && (of.delaysMs[i] ?? null) !== null).length;
  const [losses, wins] = [missed(challenger, champion), missed(champion, challenger)];
  const gone = (losses - wins) / Math.max(1, champion.delaysMs.length);
  return gone > LESS.recall && signTest(losses, wins) < LESS.chance;
}

function shown(champion: Figures, challenger: Figures, compared: boolean): string {
  const share = ({ recall }: Figures): string => recall?.toFixed(2) ?? 'nothing to find';
  if (!compared)
    return `found ${share(challenger)}; the model before ${share(champion)}, false alarms not compared as it has seen some of these weeks`;
  const both = (figures: Figures): string => `${share(figures)} with ${figures.falseAlarms} false alarms`;
  return `found ${both(challenger)}; the model before ${both(champion)}`;
}
