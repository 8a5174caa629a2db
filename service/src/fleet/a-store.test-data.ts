import type { Model } from '@lefton/core';
import { parseModel } from '@lefton/core';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { aFolder, TABLE_JSON } from '../a-service.test-data.ts';
import { ModelWriter } from './model-writer.ts';

/** The table of tests with another highest power by day, so that it can be told from others. */
export const modelWith = (high: number, meter: string | null = null): Model =>
  parseModel({ ...TABLE_JSON, meter, high: TABLE_JSON.high.map(() => high) });

/** A store in a folder that goes away with the test, open to be written. */
export function aStore(t: TestContext): ModelWriter {
  const store = new ModelWriter(join(aFolder(t), 'fleet.db'));
  t.after(() => {
    store.close();
  });
  return store;
}
