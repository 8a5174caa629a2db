import type { Zone } from '@lefton/core';
import { element, scale } from './svg.ts';

export const [WIDTH, HEIGHT] = [920, 400];
/** Where data is drawn. */
export const PLOT = { left: 68, right: 904, top: 64, bottom: 356 };
export const COLOUR = {
  range: '#bfe3c6',
  outsideRange: '#f6d5d3',
  inside: '#1b7837',
  outside: '#c1272d',
  ink: '#333333',
  grid: '#e3e3e3',
};

/** From data to a place on the picture. */
export type Place = (value: number) => number;

/** What the picture shows of powers; `bottomW` is 0 unless power is exported. */
export interface PowerSpan {
  readonly bottomW: number;
  readonly topW: number;
}

/** Whole steps around the powers and 0. */
export function spanOf(lowestW: number, highestW: number, stepW = 1000): PowerSpan {
  return {
    bottomW: Math.min(0, Math.floor(lowestW / stepW) * stepW),
    topW: Math.max(1, Math.ceil(highestW / stepW)) * stepW,
  };
}

/** Where powers stand. */
export const powerAxis = ({ bottomW, topW }: PowerSpan): Place => scale(bottomW, topW, PLOT.bottom, PLOT.top);

export const heading = (title: string): string =>
  element('text', { x: PLOT.left, y: 24, fill: COLOUR.ink, 'font-weight': 600 }, title);

export const subheading = (text: string, colour: string): string =>
  element('text', { x: PLOT.left, y: 46, fill: colour }, text);

/** Lines and labels of powers. */
export function powerGrid({ bottomW, topW }: PowerSpan, y: Place): string[] {
  const shown = topW - bottomW;
  const step = shown > 8000 ? 2000 : shown > 2000 ? 1000 : 250;
  const lines: string[] = [];
  for (let watts = Math.ceil(bottomW / step) * step; watts <= topW; watts += step) {
    lines.push(
      element('line', { x1: PLOT.left, x2: PLOT.right, y1: y(watts), y2: y(watts), stroke: COLOUR.grid }),
    );
    const label = { x: PLOT.left - 8, y: y(watts) + 4, fill: COLOUR.ink, 'text-anchor': 'end' };
    lines.push(element('text', label, `${watts / 1000} kW`));
  }
  return lines;
}

/** Labels below the plot. */
export const below = (labels: readonly (readonly [number, string])[]): string[] =>
  labels.map(([x, text]) =>
    element('text', { x, y: PLOT.bottom + 20, fill: COLOUR.ink, 'text-anchor': 'middle' }, text),
  );

/** Whose hours the labels are. */
export const clockBelow = (zone: Zone): string =>
  element(
    'text',
    { x: PLOT.right, y: HEIGHT - 6, fill: COLOUR.ink, 'text-anchor': 'end', 'font-size': 11 },
    `local time, ${zone.name}`,
  );

/** Labels of every third hour of a day that begins at 0, and whose hours they are. */
export const hoursBelow = (x: Place, zone: Zone): string[] => [
  ...below([0, 3, 6, 9, 12, 15, 18, 21, 24].map((hour) => [x(hour), `${hour % 24}:00`])),
  clockBelow(zone),
];
