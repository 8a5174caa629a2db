import { COLOUR, heading, HEIGHT, PLOT, subheading, WIDTH } from './plot.ts';
import type { Place } from './plot.ts';
import type { SensitivityPoint } from '../contest/sensitivity.ts';
import { element, path, picture, scale } from './svg.ts';

/** One of the three numbers, NaN where it is unknown. */
interface Panel {
  readonly title: string;
  readonly of: (point: SensitivityPoint) => number;
  /** Of the axis; what it counts up to is a multiple of this. */
  readonly step: number;
  readonly label: (value: number) => string;
}

const PANELS: readonly Panel[] = [
  {
    title: 'found',
    of: ({ evaluation }) => evaluation.recall ?? NaN,
    step: 0.25,
    label: (value) => `${Math.round(value * 100)} %`,
  },
  {
    title: 'median delay',
    of: ({ evaluation }) => (evaluation.medianDelayMs ?? NaN) / 60_000,
    step: 30,
    label: (value) => `${Math.round(value)} min`,
  },
  {
    title: 'false alarms in 30 days',
    of: ({ evaluation }) => evaluation.falseAlarmsPer30Days ?? NaN,
    step: 1,
    label: (value) => (Number.isInteger(value) ? String(value) : value.toFixed(1)),
  },
];
const GAP = 64;
const MOST_LINES = 6;

/** What each budget of false alarms brought on held-out weeks; the person's own stands out. */
export function sensitivityPicture(
  title: string,
  points: readonly SensitivityPoint[],
  perMonth: number,
): string {
  const width = (PLOT.right - PLOT.left - (PANELS.length - 1) * GAP) / PANELS.length;
  return picture(WIDTH, HEIGHT, title, [
    heading(title),
    subheading(`By the false alarms in 30 days that one accepts; ${perMonth} is marked.`, COLOUR.ink),
    ...PANELS.flatMap((panel, i) => {
      const left = PLOT.left + i * (width + GAP);
      return panelOf(panel, points, perMonth, left, left + width);
    }),
  ]);
}

function panelOf(
  { title, of, step, label }: Panel,
  points: readonly SensitivityPoint[],
  perMonth: number,
  left: number,
  right: number,
): string[] {
  const most = Math.max(step, ...points.map(of).filter(Number.isFinite));
  const each = step * Math.max(1, Math.ceil(most / step / MOST_LINES));
  const top = Math.ceil(most / each - 1e-9) * each;
  const x = scale(0, Math.max(1, points.length - 1), left + 12, right - 12);
  const y = scale(0, top, PLOT.bottom, PLOT.top + 28);
  const line = points.map((point, i) =>
    Number.isFinite(of(point)) ? ([x(i), y(of(point))] as const) : null,
  );
  return [
    ...axis(each, top, label, left, right, y),
    element('text', { x: left, y: PLOT.top + 12, fill: COLOUR.ink, 'font-weight': 600 }, title),
    element('path', { d: path(line), fill: 'none', stroke: COLOUR.inside, 'stroke-width': 2 }),
    ...points.flatMap((point, i) => {
      const own = point.perMonth === perMonth;
      const name = { x: x(i), y: PLOT.bottom + 20, fill: COLOUR.ink, 'text-anchor': 'middle' };
      const value = of(point);
      return [
        element('text', own ? { ...name, 'font-weight': 600 } : name, String(point.perMonth)),
        ...(Number.isFinite(value) ? dot(x(i), y(value), own, label(value)) : []),
      ];
    }),
  ];
}

function dot(x: number, y: number, own: boolean, text: string): string[] {
  const place = { cx: x.toFixed(1), cy: y.toFixed(1) };
  if (!own) return [element('circle', { ...place, r: 3, fill: COLOUR.inside })];
  const at = { x: x.toFixed(1), y: (y - 12).toFixed(1), fill: COLOUR.outside, 'text-anchor': 'middle' };
  return [
    element('line', {
      x1: x,
      x2: x,
      y1: y,
      y2: PLOT.bottom,
      stroke: COLOUR.outside,
      'stroke-dasharray': '4 3',
    }),
    element('circle', { ...place, r: 6, fill: COLOUR.outside }),
    element('text', { ...at, 'font-weight': 600 }, text),
  ];
}

const axis = (
  step: number,
  top: number,
  label: (value: number) => string,
  left: number,
  right: number,
  y: Place,
): string[] =>
  Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step).flatMap((value) => [
    element('line', { x1: left, x2: right, y1: y(value), y2: y(value), stroke: COLOUR.grid }),
    element('text', { x: left - 8, y: y(value) + 4, fill: COLOUR.ink, 'text-anchor': 'end' }, label(value)),
  ]);
