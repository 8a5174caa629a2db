import { element } from './element.ts';
import type { Home } from './home.ts';
import type { Panel } from './panel.ts';
import type { RangeHour } from './service.ts';
import { weekOf } from './week.ts';

const LEVELS = 8;

/** Usual power by weekday and hour: a table whose cells are coloured. */
export const weekMap: Panel = {
  id: 'week-map',
  title: (texts) => texts.weekMap.title,
  fill(root, home) {
    const box = element('div', { class: 'week' });
    const readout = element('p', { class: 'readout small' });
    root.append(box, readout);
    const load = async (): Promise<void> => {
      const week = await weekOf(home.meter.meter, home.notation, home.now).catch(() => []);
      box.replaceChildren(
        week.some((hour) => hour !== undefined) ? tableOf(home, week) : home.texts.scoreMap.unknown,
      );
    };
    let model = '';
    const look = (): void => {
      const text = `${home.meter.meter} ${home.meter.model.loaded_at}`;
      if (text !== model) void load();
      model = text;
    };
    box.addEventListener('pointerover', ({ target }) => {
      if (target instanceof HTMLElement && target.title !== '') readout.textContent = target.title;
    });
    home.on('state', look);
    home.on('meter', look);
    look();
  },
};

function tableOf({ texts, notation }: Home, week: readonly (RangeHour | undefined)[]): HTMLElement {
  const most = Math.max(...week.flatMap((hour) => hour?.usual ?? []));
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  const head = hours.map((hour) =>
    element('th', { scope: 'col' }, hour % 3 === 0 ? String(hour) : hidden(String(hour))),
  );
  const rows = [0, 1, 2, 3, 4, 5, 6].map((day) => {
    const name = notation.weekdayName(day);
    const cells = hours.map((hour) => {
      const usual = week[day * 24 + hour]?.usual;
      if (usual === undefined) return element('td', {}, hidden('–'));
      const level = Math.min(LEVELS, Math.max(0, Math.round((usual / most) * LEVELS)));
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
      notation.power((level / LEVELS) * most),
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
