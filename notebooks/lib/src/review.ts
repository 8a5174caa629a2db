import { DAY, fit, kilowatts, parseInstant, parseModel } from '@lefton/core';
import type { Instant, LeftOnModel } from '@lefton/core';
import { readFileSync } from 'node:fs';
import type { Home } from './home.ts';
import type { Episode } from './service-file.ts';

const WEEKS = 4;
const WEEK = 7 * DAY;
/** A base that moved by more than both has drifted. */
const DRIFT = { part: 0.25, watts: 50 };
const STALE_DAYS = 28;

/** The usual power of the two weeks before an instant; null where nothing is known. */
export interface Base {
  readonly until: Instant;
  readonly watts: number | null;
}

/**
 * Reads the model of a service.
 * @throws LeftOnError naming what is wrong in the file, Error for one of another kind
 */
export function readLeftOnModel(path: string): LeftOnModel {
  const model = parseModel(JSON.parse(readFileSync(path, 'utf8')), path);
  if (model.kind !== 'left-on')
    throw new Error(`${path} is of kind ${model.kind}: there is nothing to review`);
  return model;
}

/** The base as it would have been fitted, week by week over the last four; the newest last. */
export function weeklyBases({ history, place }: Home, model: LeftOnModel): Base[] {
  const last = (history.at[history.at.length - 1] ?? 0) + 1;
  return Array.from({ length: WEEKS + 1 }, (_, i) => {
    const until = last - (WEEKS - i) * WEEK;
    const { left_on: fitted } = fit(history, {
      zone: model.zone,
      meter: model.meter,
      until,
      falseAlarmsPerMonth: model.false_alarms_per_month,
      fittedOn: place,
      sha256: null,
      software: 'notebook',
    });
    return { until, watts: fitted?.baseW ?? null };
  });
}

/** Why a new model is due; empty where the model still fits. */
export function refitReasons(model: LeftOnModel, now: Base, episodes: readonly Episode[]): string[] {
  const reasons: string[] = [];
  const then = model.left_on?.baseW;
  if (then === undefined) reasons.push('the model could not decide yet');
  else if (now.watts !== null && Math.abs(now.watts - then) > Math.max(DRIFT.watts, DRIFT.part * then))
    reasons.push(`the base went from ${kilowatts(then)} to ${kilowatts(now.watts)}`);
  const answers = episodes.filter(({ answer }) => answer !== null).length;
  if (answers > 0)
    reasons.push(`there ${answers === 1 ? 'is 1 answer' : `are ${answers} answers`} to learn from`);
  const unseen = (now.until - (parseInstant(model.provenance.until) ?? now.until)) / DAY;
  if (unseen > STALE_DAYS) reasons.push(`${Math.round(unseen)} days have gone by since it was fitted`);
  return reasons;
}
