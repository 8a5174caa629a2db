import type { LeftOnModel, Window } from '@lefton/core';
import type { ImportOptions, ImportReport } from '@lefton/history';
import type { RefitRecord } from '../refit/refit-record.ts';
import type { WorkerFault } from '../runtime/worker.ts';

/** To the worker of history: read an export, or fit a model on what is stored. */
export type HistoryTask = ReadTask | FitTask;

export interface ReadTask {
  readonly kind: 'read';
  readonly file: string;
  /** Where the readings go, packed. */
  readonly out: string;
  readonly options: Omit<ImportOptions, 'onProgress'>;
}

export interface FitTask {
  readonly kind: 'fit';
  readonly db: string;
  readonly meter: string;
  /** Of the model; null: for any meter. */
  readonly modelMeter: string | null;
  /** What the new model is called after, for people. */
  readonly place: string;
  readonly zone: string;
  readonly falseAlarmsPerMonth: number;
  readonly windows: readonly Window[];
  /** The model in use, to be held against; null where there is none. */
  readonly champion: LeftOnModel | null;
}

/** What came of reading: the report, and how long a reading stands for the power after it. */
export interface ReadResult {
  readonly report: ImportReport;
  readonly holdMs: number;
}

/** What came of fitting. */
export interface FitResult {
  readonly model: LeftOnModel;
  /** How it stood against the model in use; null where there was none to hold it against. */
  readonly record: RefitRecord | null;
}

export type HistoryStage = 'reading' | 'loading' | 'fitting' | 'measuring';

/** From the worker. */
export type HistoryReply =
  | { readonly stage: HistoryStage; readonly share: number }
  | { readonly read: ReadResult }
  | { readonly fit: FitResult }
  | { readonly fault: WorkerFault };
