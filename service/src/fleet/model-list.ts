import { LeftOnError, parseModel } from '@lefton/core';
import type { Model } from '@lefton/core';
import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { readModel } from '../models/model-input.ts';
import { modelPaths } from '../models/model-paths.ts';

/** A model of a list, or why one is none. */
type Listed = { readonly model: Model } | { readonly place: string; readonly why: string };

/** The models of a file, of a folder of them, or of a .jsonl file with one in each line; one after the other. */
export async function* modelsIn(path: string): AsyncGenerator<Listed> {
  if (path.endsWith('.jsonl')) {
    let line = 0;
    for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      line++;
      if (text.trim() !== '') yield listed(`${path}:${line}`, (place) => parseModel(JSON.parse(text), place));
    }
    return;
  }
  // of what is not there reading says so
  for (const file of existsSync(path) ? modelPaths(path) : [path]) yield listed(file, readModel);
}

function listed(place: string, read: (place: string) => Model): Listed {
  try {
    return { model: read(place) };
  } catch (error) {
    if (!(error instanceof LeftOnError || error instanceof SyntaxError)) throw error;
    return { place, why: error.message };
  }
}
