import { HOUR, indexFrom } from '@lefton/core';
import type { CompiledModel, History, Instant, Stretch, Zone } from '@lefton/core';
import {
  below,
  clockBelow,
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
import { powerLine } from './power-line.ts';
import { element, picture, scale } from './svg.ts';

/** Of what goes on for longer the first days are shown. */
const MOST_DAYS = 7;

/** A stretch that is shown as unusual. */
export interface Unusual {
  readonly since: Instant;
  /** Null while it lasts. */
  readonly until: Instant | null;
  readonly toldAt: Instant;
  readonly text: string;
}

/**
 * Power over its expected range: green inside, red while something unusual lasts.
 * @param from local midnight; that day is shown, and those after it until what was unusual is over and told
 */
export function dayPicture(
  title: string,
  history: History,
  model: CompiledModel,
  from: Instant,
  unusual: Unusual | undefined,
): string {
  const { zone } = model;
  const newest = history.at.at(-1) ?? from;
  const over = unusual === undefined ? from : Math.max(unusual.until ?? newest, unusual.toldAt);
  const first = zone.dayNumber(from);
  const days = Math.min(MOST_DAYS, Math.max(0, zone.dayNumber(over) - first) + 1);
  const shown = { from, to: zone.startOfDay(first + days) };
  const own = within(history, shown);
  const span = spanOf(
    own.watts.reduce((least, value) => Math.min(least, value), 0),
    own.watts.reduce((most, value) => Math.max(most, value), 0),
  );
  const x = scale(shown.from, shown.to, PLOT.left, PLOT.right);
  const y = powerAxis(span);
  const isRed = (instant: Instant): boolean =>
    unusual !== undefined && instant >= unusual.since && instant < (unusual.until ?? Infinity);
  const line = (colour: string, isShown: (instant: Instant) => boolean): string =>
    element('path', {
      d: powerLine(own, shown, [x, y], isShown),
      fill: 'none',
      stroke: colour,
      'stroke-width': 1.4,
      'stroke-linejoin': 'round',
    });
  return picture(WIDTH, HEIGHT, title, [
    ...powerGrid(span, y),
    ...below(timesIn(shown, days, zone).map(([instant, text]) => [x(instant), text])),
    clockBelow(zone),
    element('path', { d: band(model, shown, x, y, span), fill: COLOUR.range }),
    line(COLOUR.inside, (instant) => !isRed(instant)),
    line(COLOUR.outside, isRed),
    heading(title),
    ...(unusual === undefined ? [] : told(unusual, unusual.toldAt < shown.to ? x(unusual.toldAt) : null)),
  ]);
}

/** The readings of a stretch, with the one that still holds where it begins. */
function within(history: History, { from, to }: Stretch): History {
  const [begin, end] = [Math.max(0, indexFrom(history, from) - 1), indexFrom(history, to)];
  return { at: history.at.subarray(begin, end), watts: history.watts.subarray(begin, end) };
}

/** Every third hour of a day; of several days each midnight, by its date, and noon where there is room for it. */
function timesIn({ from, to }: Stretch, days: number, zone: Zone): (readonly [Instant, string])[] {
  if (days > 1)
    return Array.from({ length: days }, (_, i) => zone.startOfDay(zone.dayNumber(from) + i)).flatMap(
      (midnight) => [
        [midnight, zone.format(midnight).slice(0, 10)] as const,
        ...(days > 3 ? [] : [[midnight + 12 * HOUR, `${zone.hour(midnight + 12 * HOUR)}:00`] as const]),
      ],
    );
  const hours = Math.round((to - from) / (3 * HOUR)) + 1;
  return Array.from({ length: hours }, (_, i) => {
    const instant = Math.min(to, from + 3 * i * HOUR);
    return [instant, `${zone.hour(instant)}:00`];
  });
}

/** The expected range, an hour a step; none where nothing is known. */
function band(
  model: CompiledModel,
  { from, to }: Stretch,
  x: Place,
  y: Place,
  { bottomW, topW }: PowerSpan,
): string {
  let shape = '';
  for (let hour = from; hour < to; hour += HOUR) {
    const range = model.expectedAt(hour);
    if (!range.known) continue;
    const [left, right] = [x(hour), x(Math.min(hour + HOUR, to))].map((place) => place.toFixed(1));
    const [top, bottom] = [Math.min(Math.max(range.high, bottomW), topW), Math.max(range.low, bottomW)];
    shape += `M${left} ${y(top).toFixed(1)}H${right}V${y(Math.min(bottom, topW)).toFixed(1)}H${left}Z`;
  }
  return shape;
}

function told({ text }: Unusual, x: number | null): string[] {
  const mark = { x1: x ?? 0, x2: x ?? 0, y1: PLOT.top, y2: PLOT.bottom, stroke: COLOUR.outside };
  return [
    ...(x === null ? [] : [element('line', { ...mark, 'stroke-dasharray': '4 3' })]),
    subheading(text, COLOUR.outside),
  ];
}
