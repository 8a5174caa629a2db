import type { CompiledModel } from '@lefton/core';
import { shellWord } from '../cli/shell-word.ts';
import type { LoadedModel } from '../models/models.ts';

/** What is to be known of a model. */
interface Refittable extends Pick<LoadedModel, 'file' | 'generation'> {
  readonly compiled: Pick<CompiledModel, 'kind'>;
}

/** What the line stands on. */
interface RefitFiles {
  /** Of the service: alerts, answers, and the readings where they are kept. */
  readonly db: string;
  /** Readings are kept in it; else an export has them. */
  readonly readings: boolean;
}

/**
 * The line that fits the model of a meter anew with the service's own files.
 * @returns null for what no line does: a table of a person's, a model of a fleet
 */
export function refitLine(
  { file, generation, compiled }: Refittable,
  meter: string,
  { db, readings }: RefitFiles,
): string | null {
  if (compiled.kind !== 'left-on' || generation !== null) return null;
  const csv = readings ? '' : ' --csv export.csv';
  return `npx lefton refit${csv} --db ${shellWord(db)} --model ${shellWord(file)} --meter ${shellWord(meter)}`;
}
