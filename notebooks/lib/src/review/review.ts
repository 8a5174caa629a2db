import { challenge, DAY, defaultPolicy, duration, fit, parseModel, refitOptions } from '@lefton/core';
import type { Challenge, History, Instant, LeftOnModel, Stretch } from '@lefton/core';
import { readHome } from '../home/home.ts';
import { readJson } from '../networks/json-file.ts';
import type { Episode } from './service-file.ts';
import type { ServiceToReview } from './service-to-review.ts';

const WEEKS = 4;
const WEEK = 7 * DAY;

/** What a model can be fitted on anew, and where it is from. */
export interface ReviewedHistory {
  readonly history: History;
  readonly place: string;
  /** Null: readings that a service has kept. */
  readonly sha256: string | null;
  /** What is to be known of it. */
  readonly notes: readonly string[];
}

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
  const model = parseModel(readJson(path, 'the model of the service, as in LEFTON_MODEL'), path);
  if (model.kind !== 'left-on')
    throw new Error(`${path} is of kind ${model.kind}: there is nothing to review`);
  return model;
}

/**
 * The history of a review: the export where one was named, else what the service has kept.
 * @param kept the readings of the service
 * @throws LeftOnError naming the export and what is wrong with it
 */
export async function reviewedHistory(
  service: ServiceToReview,
  kept: History,
  { zone }: LeftOnModel,
): Promise<ReviewedHistory> {
  if (service.history === null) return { history: kept, place: service.db, sha256: null, notes: [] };
  const { history, place, sha256, notes } = await readHome(service.history, zone);
  const behindMs = (kept.at.at(-1) ?? 0) - (history.at.at(-1) ?? 0);
  const old = `${place} ends ${duration(behindMs)} before the newest reading of the service, and so does what follows; without LEFTON_HISTORY it is of what the service has kept`;
  return { history, place, sha256, notes: behindMs > DAY ? [...notes, old] : notes };
}

/** The base as it would have been fitted, week by week over the last four; the newest last. */
export function weeklyBases({ history, place }: ReviewedHistory, model: LeftOnModel): Base[] {
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

/** What `lefton refit` would decide now, with what was told and answered. */
export function refitDecision(
  { history, place, sha256 }: ReviewedHistory,
  model: LeftOnModel,
  episodes: readonly Episode[],
): Challenge {
  const end = history.at.at(-1) ?? 0;
  const stretch = ({ since, until }: Episode): Stretch => ({ from: since, to: until ?? end });
  return challenge(
    history,
    model,
    refitOptions(model, {
      windows: episodes.flatMap((episode) =>
        episode.answer === null ? [] : [{ ...stretch(episode), label: episode.answer }],
      ),
      alarmed: episodes.map(stretch),
      fittedOn: place,
      sha256,
      software: 'notebook 40-review-the-month',
      policy: defaultPolicy,
    }),
  );
}
