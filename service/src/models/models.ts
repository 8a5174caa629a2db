import { LeftOnError } from '@lefton/core';
import type { CompiledModel } from '@lefton/core';

/** A model in use. */
export interface LoadedModel {
  /** Where it comes from. */
  readonly file: string;
  readonly compiled: CompiledModel;
  /** The same where it is in memory; asking for `compiled` may read it. */
  readonly resident: CompiledModel | undefined;
  readonly loadedAt: number;
  /** That it stands for, where a meter has none of its own; null for a model of one home. */
  readonly cohort: string | null;
  /** Of a fleet's models; null for a file. */
  readonly generation: number | null;
}

/** Where the models of meters come from. */
export interface ModelsInUse {
  /** The model of a meter: its own, else one that stands for it. */
  of(meter: string): LoadedModel | undefined;
  /** Reads what these meters need; undefined where all is there. `of` gives the same without, and holds others up. */
  prepare(meters: Iterable<string>): Promise<void> | undefined;
  /** Another number whenever a meter may have another model. */
  readonly version: number;
  /** Those that are worth naming: files, or cohorts. */
  readonly loaded: readonly LoadedModel[];
  /** There is something to score with. */
  readonly ready: boolean;
  /** Models are read when a meter is heard: not all at once. */
  readonly lazy: boolean;
  readonly refusals: readonly Refusal[];
  /** Looks for changes. */
  poll(): void;
  /** The meter's own model was deleted: it decides nothing any more. */
  letGo(meter: string): void;
  close(): void;
}

/** Why a file is not in use. */
export interface Refusal {
  readonly file: string;
  readonly why: string;
}

/** @throws LeftOnError `no_model` where there are model files and none can be used */
export function mustHaveModel({ ready, refusals: [refusal] }: ModelsInUse): void {
  if (ready || refusal === undefined) return;
  const fault = { code: 'no_model', place: refusal.file, expected: 'a model to begin with' };
  throw new LeftOnError({ ...fault, found: refusal.why, faultClass: 'fatal' });
}
