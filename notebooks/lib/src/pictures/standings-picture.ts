import { COLOUR, heading, subheading, WIDTH } from './plot.ts';
import { overall } from '../contest/standings.ts';
import type { Standings } from '../contest/standings.ts';
import { element, picture, scale } from './svg.ts';

const [LEFT, RIGHT, TOP, ROW] = [290, 700, 100, 30];

/** Everybody in a line of its own: a dot for each home, red where it told too much, and a bar for the mean. */
export function standingsPicture(title: string, homes: readonly Standings[]): string {
  const rows = overall(homes);
  const bottom = TOP + rows.length * ROW;
  const x = scale(0, 1, LEFT, RIGHT);
  return picture(WIDTH, bottom + 40, title, [
    heading(title),
    subheading(
      'Share of what was left on that was found: a dot for each home, a bar for their mean.',
      COLOUR.ink,
    ),
    element(
      'text',
      { x: 56, y: 66, fill: COLOUR.outside },
      'Red: more false alarms there than its budget allows.',
    ),
    element('text', { x: RIGHT + 30, y: TOP - 12, fill: COLOUR.ink, 'font-weight': 600 }, 'mean'),
    element('text', { x: RIGHT + 90, y: TOP - 12, fill: COLOUR.ink, 'font-weight': 600 }, 'false / 30 days'),
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
      element('line', { x1: x(share), x2: x(share), y1: TOP, y2: bottom, stroke: COLOUR.grid }),
      element(
        'text',
        { x: x(share), y: bottom + 20, fill: COLOUR.ink, 'text-anchor': 'middle' },
        `${share * 100} %`,
      ),
    ]),
    ...rows.flatMap(({ name, recall, falseAlarmsPer30Days, withinBudget }, i) => {
      const y = TOP + (i + 0.5) * ROW;
      const text = { y: y + 4, fill: COLOUR.ink };
      return [
        element('text', { ...text, x: LEFT - 16, 'text-anchor': 'end' }, name),
        element('rect', { x: x(recall).toFixed(1), y: y - 11, width: 3, height: 22, fill: COLOUR.ink }),
        ...dots(name, homes, x, y),
        element('text', { ...text, x: RIGHT + 30 }, recall.toFixed(2)),
        element(
          'text',
          { ...text, x: RIGHT + 90, fill: withinBudget ? COLOUR.ink : COLOUR.outside },
          falseAlarmsPer30Days.toFixed(1),
        ),
      ];
    }),
  ]);
}

const dots = (name: string, homes: readonly Standings[], x: (share: number) => number, y: number): string[] =>
  homes.flatMap(({ standings, accepted }) =>
    standings
      .filter((standing) => standing.name === name)
      .map(({ evaluation: { recall, falseAlarms } }) =>
        element('circle', {
          cx: x(recall ?? 0).toFixed(1),
          cy: y,
          r: 5,
          fill: falseAlarms <= accepted ? COLOUR.inside : COLOUR.outside,
          'fill-opacity': 0.6,
        }),
      ),
  );
