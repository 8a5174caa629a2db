import type uPlot from 'uplot';
import type { Mark } from '../home.ts';
import { colour } from './palette.ts';
import type { Power, RangeHour } from '../service.ts';

/** What a chart of power shows. */
export interface Drawing {
  readonly power: Power;
  /** What was earlier, moved to where it is to be compared. */
  readonly faint: Power;
  /** By time; empty: not known or not shown. */
  readonly expected: readonly RangeHour[];
  readonly marks: readonly Mark[];
}

/** Readings farther apart than so many of their usual distances are no line. */
const GAP = 5;

/** The range that was expected at an instant. */
export const rangeAt = ({ expected }: Pick<Drawing, 'expected'>, at: number): RangeHour | undefined =>
  expected.find((hour) => at >= hour.at && at < hour.until);

/** Draws the range, marks and lines within the plot; the line is another one above the range. */
export function drawPower(plot: uPlot, drawing: Drawing): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineJoin = 'round';
  drawRange(plot, drawing);
  for (const mark of drawing.marks) drawMark(plot, mark);
  const scale = devicePixelRatio;
  stroke(ctx, lineOf(plot, drawing.faint), colour('faint'), scale, [4 * scale, 3 * scale]);
  const line = lineOf(plot, drawing.power);
  if (drawing.expected.length === 0) stroke(ctx, line, colour('inside'), 1.4 * scale);
  else {
    const above = aboveRange(plot, drawing);
    ctx.save();
    const below = new Path2D();
    below.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    below.addPath(above);
    ctx.clip(below, 'evenodd');
    stroke(ctx, line, colour('inside'), 1.4 * scale);
    ctx.restore();
    ctx.clip(above);
    stroke(ctx, line, colour('outside'), 2.4 * scale);
  }
  ctx.restore();
}

const xOf = (plot: uPlot, at: number): number => plot.valToPos(at, 'x', true);
const yOf = (plot: uPlot, watts: number): number => plot.valToPos(watts, 'y', true);

function stroke(
  ctx: CanvasRenderingContext2D,
  line: Path2D,
  style: string,
  width: number,
  dash: number[] = [],
): void {
  ctx.strokeStyle = style;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.stroke(line);
  ctx.setLineDash([]);
}

function lineOf(plot: uPlot, { at, watts }: Power): Path2D {
  const line = new Path2D();
  const gap = GAP * usualDistance(at);
  let before = -Infinity;
  for (const [i, instant] of at.entries()) {
    const [x, y] = [xOf(plot, instant), yOf(plot, watts[i] ?? 0)];
    if (instant - before > gap) {
      line.moveTo(x, y);
      // also a lone reading is to be seen
      line.lineTo(x + 0.5, y);
    } else line.lineTo(x, y);
    before = instant;
  }
  return line;
}

/** The distance that nine in ten readings keep; thinned ones come in uneven pairs. */
function usualDistance(at: readonly number[]): number {
  const distances = at.slice(1).map((instant, i) => instant - (at[i] ?? instant));
  return distances.sort((a, b) => a - b)[Math.floor(distances.length * 0.9)] ?? Infinity;
}

function drawRange(plot: uPlot, { expected }: Drawing): void {
  plot.ctx.fillStyle = colour('range');
  for (const { at, until, low, high } of expected) {
    const [left, right] = [Math.round(xOf(plot, at)), Math.round(xOf(plot, until))];
    const [bottom, top] = [yOf(plot, low), yOf(plot, high)];
    plot.ctx.fillRect(left, top, right - left, bottom - top);
  }
}

/** What is above the range, hour by hour; hours without a range have no above. */
function aboveRange(plot: uPlot, { expected }: Drawing): Path2D {
  const { top } = plot.bbox;
  const area = new Path2D();
  for (const { at, until, high } of expected) {
    const [left, right] = [Math.round(xOf(plot, at)), Math.round(xOf(plot, until))];
    area.rect(left, top, right - left, Math.max(0, yOf(plot, high) - top));
  }
  return area;
}

/** Stripes, with a line along the top: to be told apart without their colour. */
function drawMark(plot: uPlot, { since, until, kind }: Mark): void {
  const { ctx, bbox } = plot;
  const left = xOf(plot, since);
  const right = Math.max(left + 2, xOf(plot, until ?? plot.scales.x?.max ?? since));
  if (right < bbox.left || left > bbox.left + bbox.width) return;
  const shown = colour(kind === 'unusual' ? 'outside' : 'tried');
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, bbox.top, right - left, bbox.height);
  ctx.clip();
  ctx.strokeStyle = shown;
  ctx.globalAlpha = 0.28;
  ctx.lineWidth = devicePixelRatio;
  const [step, slope] = [9 * devicePixelRatio, kind === 'unusual' ? bbox.height : -bbox.height];
  ctx.beginPath();
  const first = Math.max(left, bbox.left) - bbox.height;
  for (
    let x = Math.floor(first / step) * step;
    x < Math.min(right, bbox.left + bbox.width) + bbox.height;
    x += step
  ) {
    ctx.moveTo(x, bbox.top + bbox.height);
    ctx.lineTo(x + slope, bbox.top);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.fillStyle = shown;
  ctx.fillRect(
    left,
    bbox.top + (kind === 'unusual' ? 0 : 6 * devicePixelRatio),
    right - left,
    4 * devicePixelRatio,
  );
  ctx.restore();
}
