import { button, element } from '../document/element.ts';
import type { Home } from '../home.ts';
import { HOUR } from '../document/notation.ts';
import type { TriedAnswer, TriedEpisode } from './try-answers.ts';

/** Shows what would have been told: by month, one by one, and on the picture of power. @returns it in a sentence */
export function showTried(root: HTMLElement, home: Home, tried: TriedAnswer, present: TriedAnswer): string {
  const { texts, notation } = home;
  const { tryIt } = texts;
  home.mark(
    'try-it',
    tried.episodes.map(({ since, until }) => ({
      since: Date.parse(since),
      until: Date.parse(until ?? tried.until),
      kind: 'tried',
    })),
  );
  root.replaceChildren(
    ...(tried.flattered ? [element('p', { class: 'quiet small' }, tryIt.flattered)] : []),
    months(home, tried, present),
    list(home, tried, present),
    ...kept(home, tried),
  );
  const rate = tried.per_30_days === null ? '–' : notation.number(tried.per_30_days, 1);
  const days = notation.number(tried.days, 0);
  return tryIt.summary(String(tried.count), days, rate, String(present.count));
}

function months({ texts, notation }: Home, tried: TriedAnswer, present: TriedAnswer): HTMLElement {
  const { tryIt } = texts;
  const head = [tryIt.month, tryIt.now, tryIt.tried].map((text) => element('th', { scope: 'col' }, text));
  const rows = tried.months.map(({ month, episodes }) => {
    const before = present.months.find((each) => each.month === month)?.episodes ?? 0;
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, notation.month(Date.parse(`${month}-15T12:00Z`))),
      element('td', {}, String(before)),
      element('td', {}, String(episodes)),
    );
  });
  return element(
    'table',
    { id: 'try-months' },
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...rows),
  );
}

function list(home: Home, tried: TriedAnswer, present: TriedAnswer): HTMLElement {
  const { tryIt } = home.texts;
  const known = new Set(present.episodes.map(({ since }) => since));
  const still = new Set(tried.episodes.map(({ since }) => since));
  const items = [
    ...tried.episodes.map((each) => ({ each, note: known.has(each.since) ? '' : tryIt.added })),
    ...present.episodes.filter(({ since }) => !still.has(since)).map((each) => ({ each, note: tryIt.gone })),
  ].sort((a, b) => b.each.since.localeCompare(a.each.since));
  const rows = items.map(({ each, note }) => element('li', {}, ...lineOf(home, each, note)));
  return element(
    'details',
    { id: 'try-episodes' },
    element('summary', {}, tryIt.list(String(tried.count))),
    rows.length === 0 ? element('p', {}, home.texts.episodes.none) : element('ul', {}, ...rows),
  );
}

function lineOf(
  home: Home,
  { since, until, watts, excess_wh }: TriedEpisode,
  note: string,
): (Node | string)[] {
  const { notation, texts, now } = home;
  const from = Date.parse(since);
  const to = until === null ? now : Date.parse(until);
  const power = watts === null ? '' : `${notation.power(watts)}, `;
  return [
    `${notation.moment(from, now)}, ${notation.duration(to - from)}: ${power}${texts.episodes.excess(notation.energy(excess_wh))} `,
    button(texts.episodes.onDay, () => {
      home.look(from - 6 * HOUR, Math.max(to, from + HOUR) + 6 * HOUR);
    }),
    ...(note === '' ? [] : [' ', element('em', {}, note)]),
  ];
}

/** Trying changes nothing: how to keep what was tried. */
function kept({ texts }: Home, { keep: { setting, command } }: TriedAnswer): HTMLElement[] {
  const { tryIt } = texts;
  if (setting === null && command === null) return [];
  const line = (text: string, code: string): HTMLElement =>
    element('p', {}, text, ' ', element('code', {}, code));
  const how = element(
    'div',
    { id: 'try-keep', hidden: true },
    ...(setting === null ? [] : [line(tryIt.bySetting, setting)]),
    ...(command === null ? [] : [line(tryIt.byRefit, command)]),
  );
  const show = button(tryIt.keep, () => {
    how.hidden = !how.hidden;
    show.setAttribute('aria-expanded', String(!how.hidden));
  });
  show.setAttribute('aria-expanded', 'false');
  return [show, how];
}
