import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { importHistory } from '@lefton/history';
import { MINUTE } from '@lefton/core';
import type { History } from '@lefton/core';

const SAMPLE = new URL('../../data/sample-house/readings.csv.gz', import.meta.url);
const MINUTES = 525_600;

/** The sample house's canonical CSV. */
export const sampleText = (): Buffer => gunzipSync(readFileSync(SAMPLE));

/** A year of minutes: the sample house over and over, on a grid without gaps. */
export async function aYear(): Promise<History> {
  const { at, watts } = await importHistory([sampleText()], { place: 'sample house' });
  const start = at[0] ?? 0;
  return {
    at: Float64Array.from({ length: MINUTES }, (_, i) => start + i * MINUTE),
    watts: Float64Array.from({ length: MINUTES }, (_, i) => (watts[i % watts.length] ?? 0) + (i % 10) / 10),
  };
}
