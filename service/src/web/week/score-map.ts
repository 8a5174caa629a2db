import { drawn, element } from '../document/element.ts';
import type { Home } from '../home.ts';
import type { Panel } from '../panel.ts';
import { byHour, onWeek } from './week.ts';

/** From which score on which shade; what is below the first is below the range. */
const SHADES = [-Infinity, 0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3];
const HEIGHT = 280;
const PLOT = { left: 54, right: 8, top: 8, bottom: 26 };

type Hours = ReturnType<typeof byHour>;

/** The score of every power at every hour, with the line at 1.0, and where the home stands now. */
export const scoreMap: Panel = {
  id: 'score-map',
  title: (texts) => texts.scoreMap.title,
  fill(root, home) {
    const { scoreMap: texts } = home.texts;
    const box = element('div', { class: 'map' });
    const table = element('div', {
      class: 'scrolls',
      tabindex: 0,
      role: 'group',
      'aria-label': texts.asTable,
    });
    const details = element('details', {}, element('summary', {}, texts.asTable), table);
    const none = element('p', { class: 'quiet', hidden: true }, texts.unknown);
    root.append(none, box, legendOf(home), details);
    let hours: Hours = [];
    const draw = (): void => {
      if (hours.length > 0) box.replaceChildren(pictureOf(home, hours, box.clientWidth));
    };
    // the map is the model's: it changes when that does
    onWeek(home, (week) => {
      hours = byHour(week);
      none.hidden = hours.some((hour) => hour !== undefined);
      details.hidden = box.hidden = !none.hidden;
      table.replaceChildren(tableOf(home, hours));
      draw();
    });
    home.on('state', () => {
      moveDot(box, home);
    });
    new ResizeObserver(draw).observe(box);
  },
};

function pictureOf(home: Home, hours: Hours, width: number): SVGSVGElement {
  const { texts, notation } = home;
  const known = hours.flatMap((range) => range ?? []);
  const highest = Math.max(...known.map(({ high }) => high));
  const bottom = 1.2 * Math.min(0, ...known.map(({ low }) => low));
  // room above the edge, also where all is exported
  const top = highest + 0.6 * Math.max(highest, highest - bottom);
  const x = (hour: number): number => PLOT.left + (hour / 24) * (width - PLOT.left - PLOT.right);
  const y = (watts: number): number =>
    HEIGHT - PLOT.bottom - ((watts - bottom) / (top - bottom)) * (HEIGHT - PLOT.top - PLOT.bottom);
  const fields = hours.flatMap((range, hour) =>
    range === undefined
      ? []
      : SHADES.map((from, shade) => {
          const powerOf = (score: number): number => range.low + score * (range.high - range.low);
          const low = Math.max(bottom, powerOf(from));
          const high = Math.min(top, powerOf(SHADES[shade + 1] ?? Infinity));
          const height = Math.max(0, y(low) - y(high));
          return drawn('rect', {
            ...{
              class: `shade-${shade}`,
              x: x(hour),
              y: y(high),
              width: x(hour + 1) - x(hour) + 0.5,
              height,
            },
          });
        }),
  );
  const edge = hours
    .map((range, hour) =>
      range === undefined
        ? ''
        : `${hours[hour - 1] === undefined ? 'M' : 'L'}${x(hour)} ${y(range.high)}L${x(hour + 1)} ${y(range.high)}`,
    )
    .join('');
  const named = hours.findIndex((range) => range !== undefined);
  const ticks = [0, 3, 6, 9, 12, 15, 18, 21, 24].filter((hour) => width > 420 || hour % 6 === 0);
  const step = niceStep(top - bottom);
  const first = Math.ceil(bottom / step);
  const powers = Array.from({ length: Math.floor(top / step) - first + 1 }, (_, i) => (first + i) * step);
  const picture = drawn(
    'svg',
    { width, height: HEIGHT, role: 'img', 'aria-label': texts.scoreMap.label },
    ...fields,
    drawn('path', { class: 'edge', d: edge }),
    ...ticks.map((hour) =>
      drawn(
        'text',
        { x: x(hour), y: HEIGHT - 8, 'text-anchor': hour === 24 ? 'end' : 'middle' },
        String(hour),
      ),
    ),
    ...powers.map((watts) =>
      drawn('text', { x: PLOT.left - 6, y: y(watts) + 4, 'text-anchor': 'end' }, notation.power(watts)),
    ),
    drawn(
      'text',
      { class: 'edge-name', x: x(named) + 4, y: y(hours[named]?.high ?? 0) - 6 },
      notation.number(1, 1),
    ),
    drawn('circle', { class: 'here', r: 6 }),
  );
  picture.dataset.scale = JSON.stringify({
    left: x(0),
    hour: x(1) - x(0),
    zero: y(0),
    watt: y(0) - y(1),
    least: bottom,
    most: top,
  });
  placeDot(picture, home);
  return picture;
}

function moveDot(box: HTMLElement, home: Home): void {
  const picture = box.querySelector('svg');
  if (picture !== null) placeDot(picture, home);
}

/** Where the home stands now. */
function placeDot(picture: SVGSVGElement, { meter, notation, now }: Home): void {
  const dot = picture.querySelector('.here');
  const {
    left = 0,
    hour = 0,
    zero = 0,
    watt = 0,
    least = 0,
    most = 0,
  } = JSON.parse(picture.dataset.scale ?? '{}') as Record<string, number>;
  if (dot === null) return;
  const { score } = meter;
  dot.toggleAttribute('hidden', !score.known);
  if (!score.known) return;
  dot.setAttribute('cx', String(left + notation.timeOfDay(now) * hour));
  dot.setAttribute('cy', String(zero - Math.max(least, Math.min(score.watts, most)) * watt));
}

function legendOf({ texts, notation }: Home): HTMLElement {
  return element(
    'ul',
    { class: 'legend small' },
    ...SHADES.map((from, shade) => {
      const text =
        shade === 0
          ? texts.scoreMap.below
          : `${notation.number(from, from % 0.5 === 0 ? 1 : 2)}${shade === SHADES.length - 1 ? ' +' : ''}`;
      return element(
        'li',
        {},
        element('span', { class: `swatch shade-${shade}`, 'aria-hidden': 'true' }),
        text,
      );
    }),
    element('li', {}, element('span', { class: 'swatch here', 'aria-hidden': 'true' }), texts.now.title),
  );
}

function tableOf({ texts, notation }: Home, hours: Hours): HTMLElement {
  const head = [texts.scoreMap.hour, texts.scoreMap.low, texts.now.usual, texts.scoreMap.edge];
  const power = (watts: number | undefined): string => (watts === undefined ? '–' : notation.power(watts));
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text)))),
    element(
      'tbody',
      {},
      ...hours.map((range, hour) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, `${hour}:00`),
          ...[range?.low, range?.usual, range?.high].map((watts) => element('td', {}, power(watts))),
        ),
      ),
    ),
  );
}

/** At most eight steps. */
function niceStep(range: number): number {
  const steps = [250, 500, 1_000, 2_000, 5_000, 10_000, 20_000];
  return steps.find((step) => range / step <= 8) ?? 50_000;
}
