import { LeftOnError, parseModel } from '@lefton/core';
import type { Model } from '@lefton/core';
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readModel } from '../models/model-input.ts';

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
  const stat = statSync(path, { throwIfNoEntry: false });
  const names = stat?.isDirectory() === true ? readdirSync(path).sort() : undefined;
  const files = names?.filter((name) => name.endsWith('.json')).map((name) => join(path, name)) ?? [path];
  for (const file of files) yield listed(file, readModel);
}

function listed(place: string, read: (place: string) => Model): Listed {
  try {
    return { model: read(place) };
  } catch (error) {
    if (!(error instanceof LeftOnError || error instanceof SyntaxError)) throw error;
    return { place, why: error.message };
  }
}
