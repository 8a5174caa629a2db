import { cadenceOf, MINUTE, reportingOf } from '@lefton/core';
import type { History, Instant, Stretch } from '@lefton/core';
import type { Place } from './plot.ts';
import { path } from './svg.ts';

type Point = readonly [number, number];

/** Where nothing says how a meter reports. */
const HOLD_MS = 10 * MINUTE;

/**
 * Readings as steps: each holds until the next one, and no longer than core lets one of this meter hold, so that nothing is
 * drawn where nothing is known.
 * @param isShown of which readings; what is between is left to another line
 */
export function powerLine(
  { at, watts }: History,
  { from, to }: Stretch,
  [x, y]: readonly [Place, Place],
  isShown: (instant: Instant) => boolean,
): string {
  const holdMs = at.length < 2 ? HOLD_MS : cadenceOf(reportingOf(at, watts)).holdMs;
  const points: (Point | null)[] = [];
  for (const [i, instant] of at.entries()) {
    const until = Math.min(at[i + 1] ?? Infinity, instant + holdMs, to);
    if (until <= from || instant >= to) continue;
    if (!isShown(instant)) {
      points.push(null);
      continue;
    }
    const level = y(watts[i] ?? 0);
    points.push([x(Math.max(from, instant)), level], [x(until), level]);
    if (until < (at[i + 1] ?? Infinity)) points.push(null);
  }
  return path(thinned(points));
}

/** Of many points in one column of the picture the first, the highest, the lowest and the last look the same. */
function thinned(points: readonly (Point | null)[]): (Point | null)[] {
  const kept: (Point | null)[] = [];
  let column: Point[] = [];
  const finish = (): void => {
    const heights = column.map(([, height]) => height);
    const ends = [0, heights.indexOf(Math.min(...heights)), heights.indexOf(Math.max(...heights))];
    const places = [...new Set([...ends, column.length - 1])].sort((a, b) => a - b);
    kept.push(...places.map((place) => column[place] ?? null));
    column = [];
  };
  for (const point of points) {
    if (column.length > 0 && (point === null || Math.floor(column[0]?.[0] ?? 0) !== Math.floor(point[0])))
      finish();
    if (point === null) kept.push(null);
    else column.push(point);
  }
  if (column.length > 0) finish();
  return kept;
}
