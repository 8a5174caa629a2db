import type { MeterState, State } from './answers.ts';
import { element } from './document/element.ts';
import { episodes } from './episodes/episodes.ts';
import { fillHistoryIn, historyIn } from './history-in/history-in.ts';
import { Home } from './home.ts';
import { Live } from './live.ts';
import { chosenOf, showMeters, stateFor, wantedMeter } from './meter-choice.ts';
import { Notation } from './document/notation.ts';
import { now } from './now.ts';
import type { Panel } from './panel.ts';
import { scoreMap } from './week/score-map.ts';
import { service } from './service.ts';
import { settings } from './settings.ts';
import { textsFor } from './texts/texts.ts';
import { today } from './power/today.ts';
import { tryIt } from './try-it/try-it.ts';
import { weekMap } from './week/week-map.ts';

/** What the page shows, in this order. A further panel is a module of its own and its line here. */
const PANELS: readonly Panel[] = [now, today, episodes, tryIt, scoreMap, weekMap, historyIn, settings];
const RETRY_MS = 1_000;

const texts = textsFor(navigator.languages);
/** As the reader's own country writes dates, where it speaks that language. */
const locale = navigator.languages.find((tag) => tag.startsWith(texts.language)) ?? texts.language;
const find = (id: string): HTMLElement => document.getElementById(id) ?? document.body;
const connection = find('connection');

function connected(yes: boolean): void {
  const text = yes ? texts.page.connected : texts.page.away;
  if (connection.textContent === text) return;
  connection.textContent = text;
  connection.dataset.connected = String(yes);
}

/** The state, as soon as there is one with a meter in it. */
async function firstState(): Promise<{ state: State; meter: MeterState }> {
  const main = find('panels');
  for (;;) {
    try {
      const wanted = wantedMeter();
      const state = await stateFor(wanted);
      const meter = chosenOf(state, wanted ?? state.meter);
      if (meter !== undefined) return { state, meter };
      if (document.getElementById(historyIn.id) === null)
        showFirstSteps(main, Date.parse(state.now), await modelPlace());
    } catch {
      connected(false);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** Where a model of this home would be looked for. */
async function modelPlace(): Promise<string> {
  const place = (await service.settings()).find(({ key }) => key === 'model')?.value ?? 'models';
  return place.endsWith('.json') ? place : `${place.replace(/\/$/, '')}/home.json`;
}

/** While there is no model: how to come to one. */
function showFirstSteps(main: HTMLElement, now: number, place: string): void {
  const title = element('h2', { id: `${historyIn.id}-title` }, historyIn.title(texts));
  const section = element(
    'section',
    { id: historyIn.id, class: 'panel wide', 'aria-labelledby': title.id },
    title,
  );
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const notation = new Notation(locale, timeZone, texts.units);
  fillHistoryIn(section, { texts, notation, now, hear: () => undefined });
  const todo = `${texts.page.noModel} ${texts.page.todo(place)}`;
  main.replaceChildren(element('p', { class: 'panel wide' }, todo), section);
}

function showPanels(home: Home): void {
  const contents = element('ul');
  const sections = PANELS.map((panel) => {
    const title = panel.title(texts);
    const heading = element('h2', { id: `${panel.id}-title` }, title);
    const section = element(
      'section',
      { id: panel.id, class: panel.wide === true ? 'panel wide' : 'panel', 'aria-labelledby': heading.id },
      heading,
    );
    contents.append(element('li', {}, element('a', { href: `#${panel.id}` }, title)));
    panel.fill(section, home);
    return section;
  });
  const nav = find('contents');
  nav.setAttribute('aria-label', texts.page.contents);
  nav.replaceChildren(contents);
  find('panels').replaceChildren(...sections);
}

/** Who has logged in can log out. */
async function showLogOut(): Promise<void> {
  const { by } = await service.session();
  const form = find('logout');
  form.querySelector('button')?.replaceChildren(texts.page.logOut);
  form.hidden = by !== 'session';
}

/** What stands after an update of the program is not made for it: the page is had anew. */
async function renew(): Promise<void> {
  const [older, newer] = [await version, await service.version()];
  if (older !== null && newer !== null && newer !== older) location.reload();
}

/** A session may end while the page is open: to ask is to be led to the login. */
function lost(): void {
  connected(false);
  service.session().catch(() => undefined);
}

document.documentElement.lang = texts.language;
document.querySelector('.skip')?.replaceChildren(texts.page.skip);
const version = service.version().catch(() => null);
const { state, meter } = await firstState();
const home = new Home(texts, state, meter, (zone) => new Notation(locale, zone, texts.units));
const live = new Live({
  connected: (yes) => {
    if (!yes) {
      lost();
      return;
    }
    // only what went away comes back as another version: who reloads at once may do so for ever, where several answer
    if (connection.dataset.connected === 'false') renew().catch(() => undefined);
    connected(true);
  },
  state: (newer) => {
    home.hear(newer);
  },
  readings: (name, power) => {
    if (name === home.meter.meter) home.read(power);
  },
});
showPanels(home);
showMeters(find('meters'), home, (other) => {
  home.watch(other);
  live.watch(other.meter);
});
showLogOut().catch(() => undefined);
live.watch(meter.meter, meter.newest_at === null ? undefined : Date.parse(meter.newest_at));
