import { existsSync, readFileSync, rmSync } from 'node:fs';
import { ModelStore } from '../fleet/model-store.ts';
import { ModelWriter } from '../fleet/model-writer.ts';
import { modelPaths, refitsOf, withBeside } from './model-paths.ts';
import { writeWhole } from './whole-file.ts';

/** What a meter has left in the model files of a path. */
interface ModelTraces {
  /** They go as a whole. */
  readonly files: readonly string[];
  /** Decisions on other meters stand there as well. */
  readonly lines: readonly string[];
  /** Models for any meter: they may have learned from this one, and only a person knows. */
  readonly anybodys: readonly string[];
}

/** @param path a model file, or a folder of them; null for none */
export function modelTraces(path: string | null, meter: string): ModelTraces {
  const models = path === null || !existsSync(path) ? [] : modelPaths(path);
  const own = models.filter((file) => meterOf(file) === meter);
  return {
    files: own.flatMap(withBeside).filter((file) => existsSync(file)),
    lines: models
      .filter((file) => !own.includes(file))
      .map(refitsOf)
      .filter((file) => existsSync(file) && linesOf(file).some((line) => meterIn(line) === meter)),
    anybodys: models.filter((file) => meterOf(file) === null),
  };
}

export function eraseTraces({ files, lines }: ModelTraces, meter: string): void {
  for (const file of files) rmSync(file, { force: true });
  for (const file of lines) {
    const kept = linesOf(file).filter((line) => meterIn(line) !== meter);
    writeWhole(file, kept.map((line) => `${line}\n`).join(''));
  }
}

/**
 * The rows of a meter in the store of a fleet's models; of its cohort nothing goes, which other homes have made.
 * @throws LeftOnError `foreign_file`, `storage_failed`, and as reading and writing it does
 */
export function storedRows(file: string | null | undefined, meter: string, doIt: boolean): number {
  if (file === null || file === undefined || !existsSync(file)) return 0;
  const store = doIt ? new ModelWriter(file) : new ModelStore(file);
  try {
    return store instanceof ModelWriter ? store.forget(meter) : store.count(meter);
  } finally {
    store.close();
  }
}

const meterOf = (file: string): unknown => meterIn(readFileSync(file, 'utf8'));
const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n').filter(Boolean);

/** undefined for a text that is no object of JSON. */
function meterIn(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && 'meter' in json ? json.meter : undefined;
  } catch {
    return undefined;
  }
}
