import { HOUR, MINUTE } from '@lefton/core';
import type { LearnedRuns, Zone } from '@lefton/core';
import type { QuantileLessons } from './quantile-network.ts';

/** Runs that began within so many hours of each other are compared, as in core. */
const HOURS_AROUND = 3;
/** A day of which less is known says nothing of its longest. */
const LEAST_OF_DAY = 0.3;

/**
 * What a network learns of run lengths: for each watcher, known day and hour the longest run that began around that hour, as
 * ln(1 + minutes); 0 where none began.
 */
export function runLessonsOf({ steps, watchers, runs }: LearnedRuns, zone: Zone): QuantileLessons {
  const days = knownDays(steps, zone);
  const place = new Map(days.map((day, i) => [day, i]));
  const values = new Float64Array(watchers.length * days.length * 24);
  for (const [watcher, own] of runs.entries()) {
    for (const { since, end } of own) {
      const length = Math.log1p((end - since) / MINUTE);
      for (let apart = -HOURS_AROUND; apart <= HOURS_AROUND; apart++) {
        const around = since + apart * HOUR;
        const day = place.get(zone.dayNumber(around));
        if (day === undefined) continue;
        const row = (watcher * days.length + day) * 24 + zone.hour(around);
        values[row] = Math.max(values[row] ?? 0, length);
      }
    }
  }
  const places = new Uint8Array(2 * values.length);
  for (const row of values.keys()) {
    places[2 * row] = Math.floor(row / (24 * days.length));
    places[2 * row + 1] = row % 24;
  }
  return { kinds: [watchers.length, 24], places, values };
}

function knownDays({ startAt, stepMs, known }: LearnedRuns['steps'], zone: Zone): number[] {
  const ms = new Map<number, number>();
  for (const [i, flag] of known.entries()) {
    if (flag !== 1) continue;
    const day = zone.dayNumber(startAt + i * stepMs);
    ms.set(day, (ms.get(day) ?? 0) + stepMs);
  }
  return [...ms].filter(([, knownMs]) => knownMs >= LEAST_OF_DAY * 24 * HOUR).map(([day]) => day);
}
