import type { Zone } from '@lefton/core';
import { COLOUR, heading, HEIGHT, hoursBelow, PLOT, powerAxis, powerGrid, spanOf, WIDTH } from './plot.ts';
import { element, path, picture, scale } from './svg.ts';

const LINES = ['#1b7837', '#c1272d', '#2b6cb0', '#b7791f', '#6b46c1', '#2c7a7b', '#97266d', '#4a5568'];

/** Mean power by local hour, a line for each kind of day; a line has 24 values in watts, NaN where nothing is known. */
export function profilePicture(
  title: string,
  zone: Zone,
  lines: Readonly<Record<string, readonly number[]>>,
): string {
  const values = Object.values(lines).flat().filter(Number.isFinite);
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const span = spanOf(least, most, most - least > 2000 ? 1000 : 250);
  const x = scale(0, 24, PLOT.left, PLOT.right);
  const y = powerAxis(span);
  const drawn = Object.entries(lines).flatMap(([name, line], i) => {
    const stroke = LINES[i % LINES.length] ?? COLOUR.ink;
    const points = line.map((watts, hour) =>
      Number.isFinite(watts) ? ([x(hour + 0.5), y(watts)] as const) : null,
    );
    return [
      element('path', { d: path(points), fill: 'none', stroke, 'stroke-width': 2 }),
      element('text', { x: PLOT.left + i * 100, y: 46, fill: stroke, 'font-weight': 600 }, name),
    ];
  });
  return picture(WIDTH, HEIGHT, title, [
    ...powerGrid(span, y),
    ...hoursBelow(x, zone),
    ...drawn,
    heading(title),
  ]);
}
