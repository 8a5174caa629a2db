import { LeftOnError } from '@lefton/core';
import { readFileSync } from 'node:fs';
import { say } from '../cli/command.ts';
import { figuresIn, pairIn, perMeterMonth, verdictOf } from '../fleet/comparison.ts';

/** `lefton fleet compare`: alarms of each generation per meter and month, from the metrics of all processes. */
export async function compare(flags: {
  readonly metrics: readonly string[];
  readonly token?: string;
  readonly stable?: number;
  readonly candidate?: number;
  readonly json?: boolean;
}): Promise<number> {
  const { metrics, token, json } = flags;
  const headers =
    token === undefined ? {} : { authorization: `Bearer ${readFileSync(token, 'utf8').trim()}` };
  const texts = await Promise.all(metrics.map((url) => textAt(url, headers)));
  const figures = figuresIn(texts);
  const told = pairIn(texts);
  const { stable = told.stable, candidate = told.candidate } = flags;
  const verdict = verdictOf(figures, { stable, candidate });
  if (json === true) {
    say(
      JSON.stringify({
        generations: figures.map((each) => ({ ...each, rate: perMeterMonth(each) })),
        stable,
        candidate,
        verdict,
      }),
    );
    return 0;
  }
  for (const each of figures) {
    const rate = perMeterMonth(each).toFixed(2);
    const { generation, alarms, meterMonths } = each;
    say(
      `Generation ${generation}: ${alarms} alarms in ${meterMonths.toFixed(1)} meter-months, ${rate} in each.`,
    );
  }
  say(verdict);
  return 0;
}

async function textAt(url: string, headers: Record<string, string>): Promise<string> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.text();
  } catch (error) {
    const found = error instanceof Error ? error.message : 'nothing';
    throw new LeftOnError({
      code: 'no_metrics',
      place: url,
      expected: 'the metrics of a running service',
      found,
    });
  }
}
