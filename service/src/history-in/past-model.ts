import { LeftOnError } from '@lefton/core';
import type { Window } from '@lefton/core';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { replaceModel, writeModel } from '../models/model-output.ts';
import type { LoadedModel, ModelsInUse } from '../models/models.ts';
import type { Clock } from '../ports.ts';
import { keepRefit } from '../refit/refit-record.ts';
import type { HistoryJob } from './history-job.ts';
import type { FitResult } from './history-task.ts';
import type { HistoryWorker } from './history-worker.ts';
import type { ModelPlace } from './model-place.ts';

/** The service looks at its model files every second, and takes one once it looks the same twice. */
const TAKEN_MS = 60_000;
const LOOK_MS = 200;

/** What fitting on the stored past stands on. */
export interface PastModelDeps {
  readonly db: string;
  readonly models: ModelsInUse;
  /** Of the settings. */
  readonly zone: string | null;
  readonly windows: readonly Window[];
  /** The system's. */
  readonly clock: Clock;
}

/** A new model, and the text of the file that it would replace. */
interface PastModel extends FitResult {
  readonly before: string | undefined;
}

/** Fits a model on the stored past and holds it against the one in use; the job says how it stands. */
export async function fitPast(
  worker: HistoryWorker,
  job: HistoryJob,
  meter: string,
  { file, inUse }: ModelPlace,
  { db, windows, zone }: PastModelDeps,
): Promise<PastModel> {
  const replaced = inUse?.file === file ? inUse : undefined;
  const of = inUse?.compiled.toModel();
  const champion = of?.kind === 'left-on' ? of : null;
  const before = replaced === undefined ? undefined : readFileSync(file, 'utf8');
  job.in_use = inUse === undefined || of === undefined ? null : { file: inUse.file, kind: of.kind };
  const fitted = await worker.fit({
    ...{ db, meter, champion, windows, place: job.name },
    // a model for any meter stays one
    modelMeter: replaced === undefined ? meter : replaced.compiled.meter,
    zone: zone ?? job.choices.zone ?? of?.zone ?? 'UTC',
    falseAlarmsPerMonth: job.choices.false_alarms_per_month ?? champion?.false_alarms_per_month ?? 1,
  });
  const { mode, why, provenance } = fitted.model;
  const { days, quality } = provenance;
  job.model = { file, mode, why, days, alerts_per_30_days: quality?.alerts_per_30_days ?? null };
  job.record = fitted.record;
  return { ...fitted, before };
}

/**
 * Writes the model where the service looks for it, and waits until it is taken up.
 * @param used false: the model in use stays, and that is noted
 * @param written called when the file is there, before anybody waits for it
 * @throws LeftOnError `model_changed`, `bad_model`, `not_taken`
 */
export async function putInUse(
  used: boolean,
  { file }: ModelPlace,
  { model, record, before }: PastModel,
  { models, clock }: PastModelDeps,
  signal: AbortSignal,
  written: () => void,
): Promise<void> {
  const writtenAt = clock.now();
  if (used) {
    if (before === undefined) writeModel(file, model);
    else replaceModel(file, model, before);
  }
  if (record !== null && before !== undefined) keepRefit(file, { ...record, promoted: used });
  if (!used) return;
  written();
  const isTaken = (loaded: LoadedModel): boolean => loaded.file === file && loaded.loadedAt >= writtenAt;
  while (!models.loaded.some(isTaken)) {
    const refused = models.refusals.find((each) => each.file === file)?.why;
    const late = Math.abs(clock.now() - writtenAt) > TAKEN_MS ? 'not for a minute' : undefined;
    const found = refused ?? late;
    const expected = 'the service to take the model up';
    if (found !== undefined) throw new LeftOnError({ code: 'not_taken', place: file, expected, found });
    await setTimeout(LOOK_MS, undefined, { signal });
  }
}
