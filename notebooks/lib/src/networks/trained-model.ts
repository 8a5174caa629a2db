import { parseModel } from '@lefton/core';
import type { LeftOnModel } from '@lefton/core';
import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readJson } from './json-file.ts';
import type { Lessons } from './lessons.ts';
import { readNetwork, writeNetwork } from './network-file.ts';
import { QUANTILES } from './range-network.ts';
import type { RangeNetwork } from './range-network.ts';
import { readLeftOnModel } from '../review/review.ts';
import type { TensorFlow } from './tensorflow.ts';

const SEASONS = ['December to February', 'March to May', 'June to August', 'September to November'];

/** How a network came to be, for the provenance of a model. */
export interface Training {
  readonly seed: number;
  readonly lessons: Lessons;
  /** What was measured, as sentences. */
  readonly measured: readonly string[];
}

/** A fitted model with the expected range of a network in place of its own; all that decides about alerts stays. */
export function withNetwork(
  tf: TensorFlow,
  model: LeftOnModel,
  network: RangeNetwork,
  { seed, lessons, measured }: Training,
): LeftOnModel {
  const how = [
    `seed ${seed}`,
    `TensorFlow.js ${tf.version_core} on ${tf.getBackend()}`,
    `quantiles ${QUANTILES.join(' ')}`,
    `${lessons.watts.length} values of ${lessons.hours} hours`,
    `as in ${SEASONS[network.season] ?? 'an unknown season'}`,
  ];
  const notes = [...model.provenance.notes, `expected range by network: ${how.join(', ')}`, ...measured];
  return { ...model, expected: network.range(), provenance: { ...model.provenance, notes } };
}

/** Where the network of a model file lies. */
export const networkFolder = (file: string): string => `${file.replace(/\.json$/, '')}.network`;

/**
 * Writes a model file with its network beside it; a model that was there stays as FILE.previous, as with a refit;
 * one that training has left does not take its place, as cells are run again and again. The model file comes last and whole:
 * a service that runs takes it up.
 * @throws LeftOnError where the file is there already and no model: it is left alone
 */
export async function writeTrained(
  tf: TensorFlow,
  file: string,
  model: LeftOnModel,
  network: RangeNetwork,
): Promise<void> {
  const before = existsSync(file) ? parseModel(readJson(file, 'a model file'), file, 'keep') : null;
  const previous = `${file}.previous`;
  const isOfTraining = before?.provenance.software === model.provenance.software;
  mkdirSync(dirname(file), { recursive: true });
  await writeNetwork(tf, network, networkFolder(file));
  if (before !== null && !(isOfTraining && existsSync(previous))) copyFileSync(file, previous);
  writeFileSync(`${file}.part`, `${JSON.stringify(model)}\n`, { flush: true });
  renameSync(`${file}.part`, file);
}

/** The greatest difference between table and network, both read from their files: in parts of the table's watts, or of 1 W. */
export async function parity(tf: TensorFlow, file: string): Promise<number> {
  const { expected } = readLeftOnModel(file);
  const network = await readNetwork(tf, networkFolder(file));
  const said = network.range();
  network.dispose();
  let greatest = 0;
  for (const side of ['low', 'usual', 'high'] as const)
    for (const [bucket, watts] of expected[side].entries()) {
      const difference = Math.abs((said[side][bucket] ?? NaN) - (watts ?? NaN));
      // a bucket that one of both does not know is no parity
      greatest = Math.max(
        greatest,
        Number.isNaN(difference) ? Infinity : difference / Math.max(1, Math.abs(watts ?? 0)),
      );
    }
  return greatest;
}
