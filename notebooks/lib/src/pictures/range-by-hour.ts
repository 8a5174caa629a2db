import type { CompiledModel } from '@lefton/core';
import {
  COLOUR,
  heading,
  HEIGHT,
  hoursBelow,
  PLOT,
  powerAxis,
  powerGrid,
  spanOf,
  subheading,
  WIDTH,
} from './plot.ts';
import { element, path, picture, scale } from './svg.ts';

/** The expected range of each hour: green inside, red outside, the usual power as a line. */
export function rangeByHour(title: string, model: CompiledModel): string {
  const ranges = Array.from({ length: 24 }, (_, hour) => model.expectedAtHour(hour));
  const span = spanOf(
    1.2 * Math.min(0, ...ranges.map((range) => (range.known ? range.low : 0))),
    1.2 * Math.max(...ranges.map((range) => (range.known ? range.high : 0))),
  );
  const x = scale(0, 24, PLOT.left, PLOT.right);
  const y = powerAxis(span);
  const inside: string[] = [];
  const usual: (readonly [number, number] | null)[] = [];
  for (const [hour, range] of ranges.entries()) {
    if (!range.known) {
      usual.push(null);
      continue;
    }
    const { low, high } = range;
    inside.push(element('rect', { ...rect(x(hour), y(high), x(hour + 1), y(low)), fill: COLOUR.range }));
    usual.push([x(hour), y(range.usual)], [x(hour + 1), y(range.usual)]);
  }
  return picture(WIDTH, HEIGHT, title, [
    element('rect', {
      ...rect(PLOT.left, PLOT.top, PLOT.right, PLOT.bottom),
      fill: inside.length === 0 ? 'none' : COLOUR.outsideRange,
    }),
    ...inside,
    ...powerGrid(span, y),
    ...hoursBelow(x, model.zone),
    element('path', { d: path(usual), fill: 'none', stroke: COLOUR.inside, 'stroke-width': 2 }),
    heading(title),
    subheading(
      inside.length === 0
        ? 'There is too little history for an expected range.'
        : 'Green: expected at that hour, with the usual power as a line. Red: outside of it.',
      COLOUR.ink,
    ),
  ]);
}

const rect = (left: number, top: number, right: number, bottom: number): Record<string, string | number> => ({
  x: left.toFixed(1),
  y: top.toFixed(1),
  width: (right - left).toFixed(1),
  height: (bottom - top).toFixed(1),
});
