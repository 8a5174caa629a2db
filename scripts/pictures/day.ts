import { HOUR, sentence } from '@lefton/core';
import type { AnomalyEvent, CompiledModel, History, Instant } from '@lefton/core';
import { element, path, picture, scale } from './svg.ts';

const [WIDTH, HEIGHT] = [920, 400];
const PLOT = { left: 56, right: 904, top: 64, bottom: 356 };
const COLOUR = { range: '#bfe3c6', inside: '#1b7837', outside: '#c1272d', ink: '#333333', grid: '#e3e3e3' };

/** One day of power over its expected range: green inside, red while the episode lasts. */
export function dayPicture(
  title: string,
  history: History,
  model: CompiledModel,
  from: Instant,
  events: readonly AnomalyEvent[],
): string {
  const to = from + 24 * HOUR;
  const first = history.at.findIndex((at) => at >= from);
  const last = history.at.findIndex((at) => at >= to);
  const at = history.at.subarray(first, last);
  const watts = history.watts.subarray(first, last);
  const top = Math.ceil(Math.max(...watts) / 1000) * 1000;
  const x = scale(from, to, PLOT.left, PLOT.right);
  const y = scale(0, top, PLOT.bottom, PLOT.top);
  const opened = events.find(({ type }) => type === 'opened');
  const closed = events.find(({ type }) => type === 'closed');
  const red = (instant: Instant): boolean =>
    opened !== undefined && instant >= opened.since && instant < (closed?.until ?? to);
  const line = (wanted: boolean): string =>
    path(Array.from(at, (instant, i) => (red(instant) === wanted ? [x(instant), y(watts[i] ?? 0)] : null)));
  const stroke = (colour: string): Record<string, string | number> => ({
    fill: 'none',
    stroke: colour,
    'stroke-width': 1.4,
    'stroke-linejoin': 'round',
  });
  return picture(WIDTH, HEIGHT, title, [
    ...grid(model, from, top, x, y),
    element('path', { d: band(model, from, x, y), fill: COLOUR.range }),
    element('path', { d: line(false), ...stroke(COLOUR.inside) }),
    element('path', { d: line(true), ...stroke(COLOUR.outside) }),
    element('text', { x: PLOT.left, y: 24, fill: COLOUR.ink, 'font-weight': 600 }, title),
    ...(opened === undefined ? [] : told(opened, model, x)),
  ]);
}

/** The expected range, an hour a step, forth along the top and back along the bottom. */
function band(model: CompiledModel, from: Instant, x: Place, y: Place): string {
  const high: (readonly [number, number])[] = [];
  const low: (readonly [number, number])[] = [];
  for (let hour = 0; hour < 24; hour++) {
    const range = model.expectedAt(from + hour * HOUR);
    if (!range.known) continue;
    for (const edge of [from + hour * HOUR, from + (hour + 1) * HOUR]) {
      high.push([x(edge), y(range.high)]);
      low.push([x(edge), y(range.low)]);
    }
  }
  return `${path([...high, ...low.reverse()])}Z`;
}

type Place = (value: number) => number;

function grid(model: CompiledModel, from: Instant, top: number, x: Place, y: Place): string[] {
  const lines: string[] = [];
  for (let watts = 0; watts <= top; watts += 1000) {
    lines.push(
      element('line', { x1: PLOT.left, x2: PLOT.right, y1: y(watts), y2: y(watts), stroke: COLOUR.grid }),
    );
    const label = { x: PLOT.left - 8, y: y(watts) + 4, fill: COLOUR.ink, 'text-anchor': 'end' };
    lines.push(element('text', label, `${watts / 1000} kW`));
  }
  for (let hour = 0; hour <= 24; hour += 3) {
    const label = {
      x: x(from + hour * HOUR),
      y: PLOT.bottom + 20,
      fill: COLOUR.ink,
      'text-anchor': 'middle',
    };
    lines.push(element('text', label, `${model.zone.hour(from + hour * HOUR)}:00`));
  }
  return lines;
}

function told(opened: AnomalyEvent, model: CompiledModel, x: Place): string[] {
  const mark = { x1: x(opened.at), x2: x(opened.at), y1: PLOT.top, y2: PLOT.bottom, stroke: COLOUR.outside };
  return [
    element('line', { ...mark, 'stroke-dasharray': '4 3' }),
    element('text', { x: PLOT.left, y: 46, fill: COLOUR.outside }, sentence(opened, model.zone)),
  ];
}
