import { DAY, duration, HOUR, MINUTE } from '@lefton/core';
import type { LeftOnModel } from '@lefton/core';
import type { Home } from './home.ts';

const FROZEN_MS = 15 * MINUTE;
const YEAR_DAYS = 365;
const MOST_OF_YEAR_DAYS = 350;
/** Below this share of the time export is a meter that is a little off. */
const LEAST_EXPORT = 0.005;

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
      `${percent(missingMs / spanMs)} of the time is missing, in ${home.gaps.length === 1 ? 'one gap' : `${home.gaps.length} gaps`}: what happened there is not known.`,
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
  const exported = exportedShare(home);
  if (exported >= LEAST_EXPORT)
    said.push(
      `Export: ${percent(exported)} of the time more is fed in than drawn; what is left on under the sun is hard to see.`,
    );
  if (home.reporting.periodMs >= HOUR)
    said.push(
      `Steps: a reading comes every ${duration(home.reporting.periodMs)}; most of what one appliance does is lost in it.`,
    );
  const seen = Math.min(YEAR_DAYS, daysOfYear(home));
  if (seen < MOST_OF_YEAR_DAYS)
    said.push(
      `Seasons: ${seen} of the ${YEAR_DAYS} days of a year have been seen; the others will look unusual, or hide what is.`,
    );
  for (const { date, hours } of home.clockChanges)
    said.push(`${date} has ${hours} hours: whoever counts 24 is an hour off on one side of it.`);
  return said;
}

const percent = (share: number): string =>
  share < 0.0005 ? 'less than 0.1 %' : `${(100 * share).toFixed(1)} %`;

function exportedShare({ series: { watts, known } }: Home): number {
  let [negative, all] = [0, 0];
  for (const [i, mean] of watts.entries()) {
    if (known[i] !== 1) continue;
    all++;
    if (mean < 0) negative++;
  }
  return all === 0 ? 0 : negative / all;
}

/** The dates that are known by half or more, in whatever year: a winter that is missing was not seen. */
function daysOfYear({ series: { startAt, stepMs, known }, zone }: Home): number {
  const knownMs = new Map<number, number>();
  for (const [i, isKnown] of known.entries()) {
    if (isKnown !== 1) continue;
    const day = zone.dayNumber(startAt + i * stepMs);
    knownMs.set(day, (knownMs.get(day) ?? 0) + stepMs);
  }
  const seen = [...knownMs].filter(([, ms]) => ms >= DAY / 2);
  return new Set(seen.map(([day]) => zone.format(zone.startOfDay(day)).slice(5, 10))).size;
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
