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

/** From which score on which colour; what is below the first is below the range. */
const SHADES: readonly (readonly [number, string])[] = [
  [-Infinity, '#dfe8f2'],
  [0, '#e4f3e6'],
  [0.25, '#bfe3c6'],
  [0.5, '#8fcb9b'],
  [0.75, '#5aae70'],
  [1, '#fbd9d3'],
  [1.5, '#f2a79d'],
  [2, '#e06c63'],
  [3, '#b5202a'],
];

/** The anomaly score of every power at every hour; the line is 1.0, the edge of what has been normal. */
export function scoreByHour(title: string, model: CompiledModel): string {
  const ranges = Array.from({ length: 24 }, (_, hour) => model.expectedAtHour(hour));
  const span = spanOf(
    1.2 * Math.min(0, ...ranges.map((range) => (range.known ? range.low : 0))),
    1.6 * Math.max(...ranges.map((range) => (range.known ? range.high : 0))),
  );
  const x = scale(0, 24, PLOT.left, PLOT.right);
  const y = powerAxis(span);
  const fields = SHADES.map(() => '');
  for (const [hour, range] of ranges.entries()) {
    if (!range.known) continue;
    const powerOf = (score: number): number => range.low + score * (range.high - range.low);
    for (const [i, [from]] of SHADES.entries()) {
      const low = Math.max(span.bottomW, powerOf(from));
      const high = Math.min(span.topW, powerOf(SHADES[i + 1]?.[0] ?? Infinity));
      if (low < high) fields[i] = `${fields[i] ?? ''}${field(x(hour), x(hour + 1), y(low), y(high))}`;
    }
  }
  const edge = ranges.flatMap((range, hour) =>
    range.known ? [[x(hour), y(range.high)] as const, [x(hour + 1), y(range.high)] as const] : [null],
  );
  return picture(WIDTH, HEIGHT, title, [
    ...SHADES.map(([, fill], i) => element('path', { d: fields[i] ?? '', fill })),
    ...powerGrid(span, y),
    ...hoursBelow(x, model.zone),
    element('path', { d: path(edge), fill: 'none', stroke: COLOUR.ink, 'stroke-width': 2 }),
    ...(edge[0] === undefined || edge[0] === null
      ? []
      : [element('text', { x: edge[0][0] + 4, y: edge[0][1] - 5, fill: COLOUR.ink }, '1.0')]),
    heading(title),
    subheading('Score by hour and power:', COLOUR.ink),
    ...legend(),
  ]);
}

const field = (left: number, right: number, bottom: number, top: number): string =>
  `M${left.toFixed(1)} ${top.toFixed(1)}H${right.toFixed(1)}V${bottom.toFixed(1)}H${left.toFixed(1)}Z`;

const legend = (): string[] =>
  SHADES.flatMap(([from, fill], i) => {
    const x = PLOT.left + 176 + (i === 0 ? 0 : 16) + i * 70;
    const text = i === 0 ? 'below 0' : `${from}${i === SHADES.length - 1 ? ' +' : ''}`;
    return [
      element('rect', { x, y: 35, width: 14, height: 14, fill }),
      element('text', { x: x + 18, y: 46, fill: COLOUR.ink }, text),
    ];
  });
