import { notLearned } from './come-to-stay.ts';
import { compileModel } from '../model/compiled.ts';
import { LeftOnError } from '../errors.ts';
import { fit } from '../fit.ts';
import type { FitOptions } from '../fit.ts';
import { trialWeeksOf, weeksUnseenBy } from './trial-weeks.ts';
import type { TrialWeeks } from './trial-weeks.ts';
import { endOf, upTo } from '../series/history.ts';
import type { History } from '../series/history.ts';
import type { LeftOnModel } from '../model/model.ts';
import type { Policy } from '../policy.ts';
import { partOf } from '../progress.ts';
import { decide, falseAlarmsAccepted, knowsAsMuch, untried, withoutTrial } from './promotion.ts';
import { DAY, dayOfDate, parseInstant } from '../time.ts';
import type { Stretch } from '../time.ts';
import { Trial } from '../evaluate/trial.ts';
import type { Figures } from '../evaluate/trial.ts';
import { Zone } from '../zone.ts';

/** What a challenge is asked for. */
export interface ChallengeOptions extends FitOptions {
  readonly policy: Policy;
}

/** How a newly fitted model stood against the one in use. */
export interface Challenge {
  readonly promoted: boolean;
  /** For people: one sentence. */
  readonly why: string;
  /** Null where the history is too short to compare. */
  readonly champion: Figures | null;
  /** What the new model finds, with the false alarms of one that was fitted on what lies before the held-out weeks. */
  readonly challenger: Figures | null;
  readonly heldOut: Stretch | null;
  readonly heldOutDays: number;
  /** Appliances left on in the held-out weeks, all draws together. */
  readonly windows: number;
  /** Found, and left out of the fit. */
  readonly notLearned: number;
  /** Fitted on everything; takes the champion's place where it is promoted. */
  readonly model: LeftOnModel;
}

/** What a refit is told of a home, besides its history. */
export type RefitKnowledge = Pick<
  ChallengeOptions,
  'windows' | 'alarmed' | 'fittedOn' | 'sha256' | 'software' | 'policy'
>;

/** What a refit of a model is asked for: the model's own zone, meter, budget and holidays, and what is known of the home. */
export const refitOptions = (champion: LeftOnModel, known: RefitKnowledge): ChallengeOptions => ({
  zone: champion.zone,
  meter: champion.meter,
  falseAlarmsPerMonth: champion.false_alarms_per_month,
  holidays: champion.holidays.map(dayOfDate),
  ...known,
});

/** Weeks with less than this share of readings say nothing. */
const LEAST_KNOWN = 0.5;
/** Two weeks have room for some twelve appliances: too few to tell two models apart. */
const DRAWS = 4;
/** What is done once the model is fitted, and once the one that knows only what lies before the held-out weeks is; the rest is the trial. */
const [MODEL_DONE, FITS_DONE] = [0.45, 0.8];
/**
 * Fits a new model, runs it and the champion over the last weeks with appliances left on, and promotes it where it does not
 * find less. Its false alarms are those of a model fitted on what lies before these weeks; they count where the champion has
 * not seen them either. Deterministic.
 */
export function challenge(history: History, champion: LeftOnModel, options: ChallengeOptions): Challenge {
  const end = endOf(history, options.until);
  const model = fit(history, { ...options, progress: partOf(options.progress, 0, MODEL_DONE) });
  const base = {
    champion: null,
    challenger: null,
    heldOut: null,
    heldOutDays: 0,
    windows: 0,
    notLearned: notLearned(options, end, Zone.named(options.zone)).length,
    model,
  };
  const early = withoutTrial(model, champion);
  if (early !== undefined) return { ...base, ...early };
  const seen = parseInstant(champion.provenance.until) ?? 0;
  const heldOut = trialWeeksOf(history, end, seen);
  if (heldOut === undefined) return { ...base, ...untried(model, champion) };
  const before = fit(history, {
    ...options,
    until: heldOut.from,
    progress: partOf(options.progress, MODEL_DONE, FITS_DONE),
  });
  const held =
    before.left_on === null ? undefined : heldAgainst(history, champion, { model, before }, heldOut, options);
  return held === undefined ? { ...base, ...untried(model, champion) } : { ...base, ...held };
}

/**
 * Holds a model that was made elsewhere, such as one with a network's range, against the one in use: on what it has not seen,
 * by the same rule. It takes the champion's place as it is.
 * @throws LeftOnError `other_home` where they are of two meters or zones
 */
export function challengeBy(
  challenger: LeftOnModel,
  history: History,
  champion: LeftOnModel,
  options: ChallengeOptions,
): Challenge {
  if (challenger.meter !== champion.meter || challenger.zone !== champion.zone) {
    const expected = `a model of the same home: ${homeOf(champion)}`;
    throw new LeftOnError({ code: 'other_home', place: 'challenger', expected, found: homeOf(challenger) });
  }
  const base = {
    ...{ champion: null, challenger: null, heldOut: null, heldOutDays: 0, windows: 0, notLearned: 0 },
    model: challenger,
  };
  const early = withoutTrial(challenger, champion);
  if (early !== undefined) return { ...base, ...early };
  const end = endOf(history, options.until);
  const seen = parseInstant(challenger.provenance.until) ?? Infinity;
  const heldOut = weeksUnseenBy(seen, end);
  if (heldOut === undefined) {
    const days = Math.floor(Math.max(0, (end - seen) / DAY));
    const why = `It has seen all but the last ${days} days; it is held against the model in use on two weeks or more that it has not seen.`;
    return { ...base, promoted: false, why };
  }
  const both = { model: challenger, before: challenger };
  const held = heldAgainst(history, champion, both, heldOut, options);
  if (held !== undefined) return { ...base, ...held };
  return { ...base, promoted: false, why: 'Less than half of the weeks that it has not seen is known.' };
}

const homeOf = ({ meter, zone }: LeftOnModel): string => `${meter ?? 'any meter'}, ${zone}`;

/** What takes the champion's place, and the model that tells what its false alarms are worth. */
interface Challengers {
  readonly model: LeftOnModel;
  readonly before: LeftOnModel;
}

/** Runs them over held-out weeks and decides; undefined where too little of those weeks is known. */
function heldAgainst(
  history: History,
  champion: LeftOnModel,
  { model, before }: Challengers,
  { unseen, ...heldOut }: TrialWeeks,
  { windows = [], policy, falseAlarmsPerMonth, progress }: ChallengeOptions,
): Omit<Challenge, 'model' | 'notLearned'> | undefined {
  const known = windows.filter(({ label }) => label === 'left_on');
  const trial = Trial.of(upTo(history, heldOut.to), heldOut.from, { known, policy, draws: DRAWS });
  if (trial.days < ((heldOut.to - heldOut.from) / DAY) * LEAST_KNOWN) return undefined;
  const part = partOf(progress, FITS_DONE, 1);
  const ofChampion = trial.run(compileModel(champion));
  part?.(0.5);
  const ofModel = trial.run(compileModel(model));
  const figures = {
    champion: ofChampion,
    challenger: before === model ? ofModel : { ...ofModel, ...trial.needless(compileModel(before)) },
  };
  part?.(1);
  return {
    ...figures,
    ...decide(figures.champion, figures.challenger, {
      accepted: falseAlarmsAccepted(falseAlarmsPerMonth, trial.days),
      lenient: knowsAsMuch(model, champion),
      unseen,
    }),
    heldOut,
    heldOutDays: Math.round(trial.days),
    windows: trial.windows.length,
  };
}
