import { notComeToStay } from './come-to-stay.ts';
import { compileModel } from './compiled.ts';
import { fit } from './fit.ts';
import type { FitOptions, History } from './fit.ts';
import type { LeftOnModel } from './model.ts';
import type { Policy } from './policy.ts';
import { partOf } from './progress.ts';
import { decide, falseAlarmsAccepted, untried, withoutTrial } from './promotion.ts';
import { DAY, dayOfDate, parseInstant } from './time.ts';
import type { Instant, Stretch } from './time.ts';
import { Trial } from './trial.ts';
import type { Figures } from './trial.ts';
import { Zone } from './zone.ts';

/** What a challenge is asked for. `alarmed`: what was found, of which what has come to stay is learned. */
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
  readonly challenger: Figures | null;
  /** Held out from both, as far as the champion has not seen them. */
  readonly heldOut: Stretch | null;
  readonly heldOutDays: number;
  /** Appliances left on in the held-out weeks. */
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

const WEEK = 7 * DAY;
const HELD_OUT_WEEKS = [2, 3, 4];
const [LEAST_WEEKS, MOST_WEEKS] = [2, 4];
/** Weeks with less than this share of readings say nothing. */
const LEAST_KNOWN = 0.5;
/** What is done once the model is fitted, and once the one of before the held-out weeks is; the rest is the trial. */
const [MODEL_DONE, FITS_DONE] = [0.45, 0.8];
/**
 * Fits a challenger on the history up to its last weeks, runs it and the champion over those weeks as they were and with
 * appliances left on, and promotes the challenger's successor, fitted on everything, where it was not worse within the
 * margin. Deterministic.
 */
export function challenge(history: History, champion: LeftOnModel, options: ChallengeOptions): Challenge {
  const zone = new Zone(options.zone);
  const end = Math.min(options.until ?? Infinity, history.at[history.at.length - 1] ?? 0);
  const learning = withoutFound(options, end, zone);
  const model = fit(history, { ...learning, progress: partOf(options.progress, 0, MODEL_DONE) });
  const base = {
    champion: null,
    challenger: null,
    heldOut: null,
    heldOutDays: 0,
    windows: 0,
    notLearned: learning.notLearned?.length ?? 0,
    model,
  };
  const early = withoutTrial(model, champion);
  if (early !== undefined) return { ...base, ...early };
  const found = heldOutOf(history, end, parseInstant(champion.provenance.until) ?? 0);
  if (found === undefined) return { ...base, ...untried(model, champion) };
  const before = fit(history, {
    ...withoutFound(options, found.from, zone),
    until: found.from,
    progress: partOf(options.progress, MODEL_DONE, FITS_DONE),
  });
  const held =
    before.left_on === null ? undefined : heldAgainst(history, champion, before, found, options, model);
  return held === undefined ? { ...base, ...untried(model, champion) } : { ...base, ...held };
}

/**
 * Holds a model that was made elsewhere, such as one with a network's range, against the one in use: on what it has not seen,
 * by the same rule. It takes the champion's place as it is.
 */
export function challengeBy(
  challenger: LeftOnModel,
  history: History,
  champion: LeftOnModel,
  options: ChallengeOptions,
): Challenge {
  const base = {
    ...{ champion: null, challenger: null, heldOut: null, heldOutDays: 0, windows: 0, notLearned: 0 },
    model: challenger,
  };
  const early = withoutTrial(challenger, champion);
  if (early !== undefined) return { ...base, ...early };
  const end = Math.min(options.until ?? Infinity, history.at[history.at.length - 1] ?? 0);
  const seen = parseInstant(challenger.provenance.until) ?? Infinity;
  const from = Math.max(seen, end - MOST_WEEKS * WEEK);
  const days = Math.max(0, (end - seen) / DAY);
  const why = `It has seen all but the last ${Math.floor(days)} days; it is held against the model in use on two weeks or more that it has not seen.`;
  if (end - from < LEAST_WEEKS * WEEK) return { ...base, promoted: false, why };
  const held = heldAgainst(history, champion, challenger, { from, to: end }, options, challenger);
  if (held !== undefined) return { ...base, ...held };
  return { ...base, promoted: false, why: 'Less than half of the weeks that it has not seen is known.' };
}

/**
 * Runs two models over held-out weeks and decides; undefined where too little of those weeks is known.
 * @param successor what would take the champion's place
 */
function heldAgainst(
  history: History,
  champion: LeftOnModel,
  challenger: LeftOnModel,
  heldOut: Stretch,
  { windows = [], policy, falseAlarmsPerMonth, progress }: ChallengeOptions,
  successor: LeftOnModel,
): Omit<Challenge, 'model' | 'notLearned'> | undefined {
  const last = history.at.findLastIndex((at) => at <= heldOut.to) + 1;
  const seen = { at: history.at.subarray(0, last), watts: history.watts.subarray(0, last) };
  const known = windows.filter(({ label }) => label === 'left_on');
  const trial = Trial.of(seen, heldOut.from, { known, policy });
  if (trial.days < ((heldOut.to - heldOut.from) / DAY) * LEAST_KNOWN) return undefined;
  const part = partOf(progress, FITS_DONE, 1);
  const figuresOf = (model: LeftOnModel, done: number): Figures => {
    const found = trial.run(compileModel(model));
    part?.(done);
    return found;
  };
  const figures = { champion: figuresOf(champion, 0.5), challenger: figuresOf(challenger, 1) };
  return {
    ...figures,
    ...decide(figures.champion, figures.challenger, {
      accepted: falseAlarmsAccepted(falseAlarmsPerMonth, trial.days),
      leastRecall: 1 / Math.max(1, trial.windows.length),
      lenient: successor.provenance.days >= champion.provenance.days,
    }),
    heldOut,
    heldOutDays: Math.round(trial.days),
    windows: trial.windows.length,
  };
}

/** What is known before a moment, with what was found and has not come to stay left out. */
function withoutFound(options: FitOptions, until: Instant, zone: Zone): FitOptions {
  const windows = options.windows ?? [];
  const unspoken = (options.alarmed ?? []).filter(
    ({ from, to }) => from < until && !windows.some((window) => from < window.to && window.from < to),
  );
  return {
    ...options,
    alarmed: unspoken,
    notLearned: notComeToStay(unspoken, until, zone),
  };
}

/** What the champion has not seen, but two weeks at the least and four at the most; as much again must lie before it. */
function heldOutOf({ at }: History, end: Instant, seen: Instant): Stretch | undefined {
  const length = end - (at[0] ?? end);
  const possible = HELD_OUT_WEEKS.filter((count) => length >= 2 * count * WEEK);
  const weeks = possible.find((count) => end - count * WEEK <= seen) ?? possible.at(-1);
  return weeks === undefined ? undefined : { from: end - weeks * WEEK, to: end };
}

/** The provenance of a model that takes another's place. */
export function successor(
  { model, champion, challenger, heldOutDays, why }: Challenge,
  of: LeftOnModel,
): LeftOnModel {
  const { until, software } = of.provenance;
  const note = `Champion of the model fitted until ${until} by ${software}. ${why}`;
  const quality =
    champion === null || challenger === null
      ? null
      : {
          held_out_days: heldOutDays,
          alerts_per_30_days: Math.round(challenger.falseAlarmsPer30Days * 10) / 10,
        };
  return { ...model, provenance: { ...model.provenance, quality, notes: [...model.provenance.notes, note] } };
}
