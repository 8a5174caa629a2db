import { LeftOnError } from '@lefton/core';
import type { LeftOnModel } from '@lefton/core';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readModel } from './model-input.ts';
import { previousOf } from './model-paths.ts';
import { notWritten, writeWhole } from './whole-file.ts';

/**
 * Whole or not at all: a service that looks at the file never sees half of it.
 * @throws LeftOnError `bad_model` where something else is there, `not_written`
 */
export function writeModel(out: string, model: LeftOnModel): void {
  // a slip of the hand must not cost somebody their history
  if (existsSync(out)) readModel(out, 'keep');
  try {
    mkdirSync(dirname(out), { recursive: true });
  } catch (error) {
    throw notWritten(out, error);
  }
  writeWhole(out, `${JSON.stringify(model)}\n`);
}

/**
 * Puts a model in place of another, which stays beside it as FILE.previous.
 * @param before the text that the file had when the new model was begun
 * @throws LeftOnError `model_changed` when somebody else has written the file since; it is left alone
 */
export function replaceModel(file: string, model: LeftOnModel, before: string): void {
  if (readFileSync(file, 'utf8') !== before) {
    const expected = 'the model as it was when the refit began; run it again';
    throw new LeftOnError({ code: 'model_changed', place: file, expected, found: 'another' });
  }
  writeWhole(previousOf(file), before);
  writeWhole(file, `${JSON.stringify(model)}\n`);
}
