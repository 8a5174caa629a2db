import { element } from '../document/element.ts';
import type { Home } from '../home.ts';
import type { Panel } from '../panel.ts';
import { onWeek } from './week.ts';
import type { Week } from './week.ts';

const LEVELS = 8;

/** Usual power by weekday and hour: a table whose cells are coloured. */
export const weekMap: Panel = {
  id: 'week-map',
  title: (texts) => texts.weekMap.title,
  fill(root, home) {
    const box = element('div', { class: 'week' });
    const readout = element('p', { class: 'readout small' });
    root.append(box, readout);
    box.addEventListener('pointerover', ({ target }) => {
      if (target instanceof HTMLElement && target.title !== '') readout.textContent = target.title;
    });
    onWeek(home, (week) => {
      readout.textContent = '';
      box.replaceChildren(
        week.some((hour) => hour !== undefined) ? tableOf(home, week) : home.texts.scoreMap.unknown,
      );
    });
  },
};

function tableOf({ texts, notation }: Home, week: Week): HTMLElement {
  const powers = [0, ...week.flatMap((hour) => hour?.usual ?? [])];
  // what is exported is less than nothing
  const [least, most] = [Math.min(...powers), Math.max(...powers)];
  const room = most - least || 1;
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  const head = hours.map((hour) =>
    element('th', { scope: 'col' }, hour % 3 === 0 ? String(hour) : hidden(String(hour))),
  );
  const rows = [0, 1, 2, 3, 4, 5, 6].map((day) => {
    const name = notation.weekdayName(day);
    const cells = hours.map((hour) => {
      const usual = week[day * 24 + hour]?.usual;
      if (usual === undefined) return element('td', {}, hidden('–'));
      const level = Math.round(((usual - least) / room) * LEVELS);
      const title = texts.weekMap.cell(name, `${hour}:00`, notation.power(usual));
      return element('td', { class: `level-${level}`, title }, hidden(notation.power(usual)));
    });
    return element('tr', {}, element('th', { scope: 'row' }, name), ...cells);
  });
  const corner = element('td', {});
  const legend = [0, 2, 4, 6, 8].map((level) =>
    element(
      'li',
      {},
      element('span', { class: `swatch level-${level}`, 'aria-hidden': 'true' }),
      notation.power(least + (level / LEVELS) * room),
    ),
  );
  return element(
    'div',
    {},
    element(
      'table',
      { 'aria-label': texts.weekMap.label },
      element('thead', {}, element('tr', {}, corner, ...head)),
      element('tbody', {}, ...rows),
    ),
    element('ul', { class: 'legend small' }, ...legend),
  );
}

/** For who hears the page: others see the colour. */
const hidden = (text: string): HTMLElement => element('span', { class: 'hidden' }, text);
