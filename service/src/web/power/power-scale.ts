import type { Drawing } from './power-drawing.ts';
import type { Power } from '../service.ts';
import type { Span } from './span.ts';

/** A picture of a home at rest is not all noise. */
const LEAST_TOP_W = 500;
const ROOM = 1.06;

/** The powers from the lowest to the highest that a picture has room for: all that is drawn within the span. */
export function powersShown({ power, faint, expected }: Drawing, span: Span): [low: number, high: number] {
  let [low, high] = [0, LEAST_TOP_W];
  const take = (watts: number): void => {
    [low, high] = [Math.min(low, watts), Math.max(high, watts)];
  };
  for (const each of [power, faint]) for (const watts of within(each, span)) take(watts);
  for (const { at, low: lowest, high: highest } of expected) {
    if (at < span.from || at > span.to) continue;
    take(lowest);
    take(highest);
  }
  return [low * ROOM, high * ROOM];
}

function* within({ at, watts }: Power, { from, to }: Span): Generator<number> {
  for (const [i, instant] of at.entries()) if (instant >= from && instant <= to) yield watts[i] ?? 0;
}
