import { HOUR } from '@lefton/core';
import type { CompiledModel, History, Instant } from '@lefton/core';
import {
  below,
  COLOUR,
  heading,
  HEIGHT,
  PLOT,
  powerAxis,
  powerGrid,
  spanOf,
  subheading,
  WIDTH,
} from './plot.ts';
import type { Place, PowerSpan } from './plot.ts';
import { element, path, picture, scale } from './svg.ts';

/** A stretch that is shown as unusual. */
export interface Unusual {
  readonly since: Instant;
  /** Null while it lasts. */
  readonly until: Instant | null;
  readonly toldAt: Instant;
  readonly text: string;
}

/** One day of power over its expected range: green inside, red while something unusual lasts. */
export function dayPicture(
  title: string,
  history: History,
  model: CompiledModel,
  from: Instant,
  unusual: Unusual | undefined,
): string {
  const to = from + 24 * HOUR;
  const within = (instant: Instant): boolean => instant >= from && instant < to;
  const first = history.at.findIndex((instant) => instant >= from);
  const last = history.at.findLastIndex((instant) => instant < to);
  const at = first < 0 ? new Float64Array() : history.at.subarray(first, last + 1);
  const watts = first < 0 ? new Float64Array() : history.watts.subarray(first, last + 1);
  const span = spanOf(
    watts.reduce((least, value) => Math.min(least, value), 0),
    watts.reduce((most, value) => Math.max(most, value), 0),
  );
  const x = scale(from, to, PLOT.left, PLOT.right);
  const y = powerAxis(span);
  const red = (instant: Instant): boolean =>
    unusual !== undefined && instant >= unusual.since && instant < (unusual.until ?? to);
  const line = (wanted: boolean): string =>
    path(Array.from(at, (instant, i) => (red(instant) === wanted ? [x(instant), y(watts[i] ?? 0)] : null)));
  const stroke = (colour: string): Record<string, string | number> => ({
    fill: 'none',
    stroke: colour,
    'stroke-width': 1.4,
    'stroke-linejoin': 'round',
  });
  const hours = Array.from({ length: 9 }, (_, i) => from + 3 * i * HOUR);
  return picture(WIDTH, HEIGHT, title, [
    ...powerGrid(span, y),
    ...below(hours.map((instant) => [x(instant), `${model.zone.hour(instant)}:00`])),
    element('path', { d: band(model, from, x, y, span), fill: COLOUR.range }),
    element('path', { d: line(false), ...stroke(COLOUR.inside) }),
    element('path', { d: line(true), ...stroke(COLOUR.outside) }),
    heading(title),
    ...(unusual === undefined ? [] : told(unusual, within(unusual.toldAt) ? x(unusual.toldAt) : null)),
  ]);
}

/** The expected range, an hour a step, forth along the top and back along the bottom. */
function band(model: CompiledModel, from: Instant, x: Place, y: Place, { bottomW, topW }: PowerSpan): string {
  const high: (readonly [number, number])[] = [];
  const low: (readonly [number, number])[] = [];
  for (let hour = 0; hour < 24; hour++) {
    const range = model.expectedAt(from + hour * HOUR);
    if (!range.known) continue;
    for (const edge of [from + hour * HOUR, from + (hour + 1) * HOUR]) {
      high.push([x(edge), y(Math.min(Math.max(range.high, bottomW), topW))]);
      low.push([x(edge), y(Math.max(range.low, bottomW))]);
    }
  }
  return high.length === 0 ? '' : `${path([...high, ...low.reverse()])}Z`;
}

function told({ text }: Unusual, x: number | null): string[] {
  const mark = { x1: x ?? 0, x2: x ?? 0, y1: PLOT.top, y2: PLOT.bottom, stroke: COLOUR.outside };
  return [
    ...(x === null ? [] : [element('line', { ...mark, 'stroke-dasharray': '4 3' })]),
    subheading(text, COLOUR.outside),
  ];
}
