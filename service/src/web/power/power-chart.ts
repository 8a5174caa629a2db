import uPlot from 'uplot';
import { element } from '../document/element.ts';
import { DAY } from '../document/notation.ts';
import type { Notation } from '../document/notation.ts';
import { colour, onScheme } from './palette.ts';
import { drawPower } from './power-drawing.ts';
import type { Drawing } from './power-drawing.ts';
import { powersShown } from './power-scale.ts';
import type { Span } from './span.ts';

const HEIGHT = 320;
/** Of an axis, in pixels. */
const [LEAST_ROOM, LETTER] = [64, 6.5];
const EMPTY: Drawing = {
  power: { at: [], watts: [] },
  faint: { at: [], watts: [] },
  expected: [],
  marks: [],
};

/** Power over its expected range: axes and the hand that points by uPlot, what is between them by `drawPower`. */
export class PowerChart {
  readonly #plot: uPlot;
  #notation: Notation;
  #drawing: Drawing = EMPTY;
  #span: Span;
  #frame = 0;

  /**
   * @param root gets the canvas, as wide as it is
   * @param pointed told the index of the reading that is pointed at; null: none
   */
  constructor(root: HTMLElement, notation: Notation, span: Span, pointed: (index: number | null) => void) {
    this.#notation = notation;
    this.#span = span;
    const box = element('div', { class: 'chart' });
    root.append(box);
    const axis = {
      stroke: () => colour('quiet'),
      grid: { stroke: () => colour('line'), width: 1 },
      ticks: { show: false },
    };
    this.#plot = new uPlot(
      {
        width: Math.max(200, box.clientWidth),
        height: HEIGHT,
        ms: 1,
        tzDate: (at) => uPlot.tzDate(new Date(at), this.#notation.zone),
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 9 } },
        scales: {
          x: { time: true, range: () => [this.#span.from, this.#span.to] },
          y: { range: () => powersShown(this.#drawing, this.#span) },
        },
        axes: [
          {
            ...axis,
            size: 34,
            space: () => this.#room(),
            values: (_plot, at, _axis, _space, step) => this.#times(at, step),
          },
          {
            ...axis,
            size: 58,
            space: 40,
            values: (_plot, watts) => watts.map((each) => this.#notation.power(each)),
          },
        ],
        series: [{}, { stroke: () => colour('ink'), paths: () => null, points: { show: false } }],
        hooks: {
          drawAxes: [
            (plot) => {
              drawPower(plot, this.#drawing);
            },
          ],
          setCursor: [
            (plot) => {
              pointed(plot.cursor.idx ?? null);
            },
          ],
        },
      },
      [[], []],
      box,
    );
    new ResizeObserver(() => {
      this.#plot.setSize({ width: Math.max(200, box.clientWidth), height: HEIGHT });
    }).observe(box);
    onScheme(() => {
      this.#plot.redraw();
    });
  }

  /** Where hands may drag. */
  get area(): HTMLElement {
    return this.#plot.over;
  }

  /** Draws, with the next picture of the screen. */
  show(drawing: Drawing, span: Span, notation: Notation): void {
    this.#drawing = drawing;
    this.#span = span;
    this.#notation = notation;
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const { at, watts } = this.#drawing.power;
      this.#plot.setData([at, watts]);
    });
  }

  /** Pixels that a time needs: dates stand side by side where it is days. */
  #room(): number {
    const { from, to } = this.#span;
    if (to - from < 1.5 * DAY) return LEAST_ROOM;
    const longest = Math.max(...[from, to].map((at) => this.#notation.day(at).length));
    return Math.max(LEAST_ROOM, longest * LETTER + 10);
  }

  #times(at: readonly number[], step: number): string[] {
    const { from, to } = this.#span;
    return at.map((each) => {
      if (step >= DAY) return to - from > 200 * DAY ? this.#notation.month(each) : this.#notation.day(each);
      const clock = this.#notation.clock(each);
      return clock === '00:00' ? this.#notation.day(each) : clock;
    });
  }
}
