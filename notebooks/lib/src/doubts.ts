import { DAY, duration, MINUTE } from '@lefton/core';
import type { LeftOnModel } from '@lefton/core';
import type { Home } from './home.ts';

const FROZEN_MS = 15 * MINUTE;
const YEAR_DAYS = 365;
const SPAN_DAYS = 350;

/** What cannot be trusted in a home's history, and in a model of it: sentences, the gravest first. */
export function doubts(home: Home, model: LeftOnModel): string[] {
  const { at, report } = home.history;
  const spanMs = (at[at.length - 1] ?? 0) - (at[0] ?? 0);
  const missingMs = home.gaps.reduce((sum, { ms }) => sum + ms, 0);
  const said: string[] = [];
  if (model.left_on === null) said.push(`No decision at all: ${model.why ?? 'the history is too thin'}.`);
  else if (model.mode === 'learning')
    said.push(`Thresholds: ${model.provenance.days} days carry none that hold; expect more false alarms.`);
  if (missingMs > 0)
    said.push(
      `${((100 * missingMs) / spanMs).toFixed(1)} % of the time is missing, in ${home.gaps.length} gaps: what happened there is not known.`,
    );
  const frozenMs = frozen(home);
  if (frozenMs > 0)
    said.push(
      `The same value for ${duration(frozenMs)} in all, where this meter does not repeat itself: it stood still.`,
    );
  if (report.duplicates > 0)
    said.push(
      `${report.duplicates} rows repeat a time: one of each was taken, and nobody knows whether the right one.`,
    );
  if (report.rejected_count > 0) said.push(`${report.rejected_count} rows could not be read.`);
  if (spanMs < SPAN_DAYS * DAY)
    said.push(
      `Seasons: ${Math.round(spanMs / DAY)} of ${YEAR_DAYS} days have been seen; the others will look unusual, or hide what is.`,
    );
  for (const { date, hours } of home.clockChanges)
    said.push(`${date} has ${hours} hours: whoever counts 24 is an hour off on one side of it.`);
  return said;
}

/** How long a meter that is fine and regular has sent one value for a quarter of an hour or more. */
function frozen({ history: { at, watts }, reporting }: Home): number {
  if (reporting.frozenMs === null) return 0;
  let [sum, first] = [0, 0];
  for (let i = 1; i <= at.length; i++) {
    if (i < at.length && watts[i] === watts[first]) continue;
    const ms = (at[i - 1] ?? 0) - (at[first] ?? 0);
    if (ms >= FROZEN_MS) sum += ms;
    first = i;
  }
  return sum;
}
