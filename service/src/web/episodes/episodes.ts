import type { Alert, Episode } from '../answers.ts';
import { button, element } from '../document/element.ts';
import { EpisodeItem } from './episode-item.ts';
import type { Home } from '../home.ts';
import type { Panel } from '../panel.ts';
import { service } from '../service.ts';

const PAGE = 10;
const MOST = 1_000;
/** What became of alerts is asked for so often, beside when something happened. */
const AGAIN_MS = 15_000;

/** What was unusual: what it took, who was told, and what the reader says to it. */
export const episodes: Panel = {
  id: 'episodes',
  title: (texts) => texts.episodes.title,
  wide: true,
  fill(root, home) {
    new Episodes(root, home).begin();
  },
};

class Episodes {
  readonly #home: Home;
  readonly #list = element('ol', { class: 'episodes' });
  readonly #none: HTMLElement;
  readonly #more: HTMLButtonElement;
  readonly #items = new Map<string, EpisodeItem>();
  #count = PAGE;
  #asked = 0;
  #askedAt = 0;

  constructor(root: HTMLElement, home: Home) {
    const { episodes: texts } = home.texts;
    this.#home = home;
    this.#none = element('p', { class: 'quiet', hidden: true }, texts.none);
    this.#more = button(
      texts.more,
      () => {
        this.#count = Math.min(MOST, this.#count + PAGE);
        void this.#load();
      },
      { hidden: true },
    );
    root.append(this.#none, this.#list, this.#more);
  }

  begin(): void {
    const again = (): void => void this.#load();
    let last = '';
    this.#home.on('state', ({ last_episode: episode, silent_since: silent }) => {
      const text = JSON.stringify([episode, silent]);
      if (text !== last || performance.now() - this.#askedAt > AGAIN_MS) again();
      last = text;
      for (const item of this.#items.values()) item.hear();
    });
    this.#home.on('meter', () => {
      this.#items.clear();
      this.#list.replaceChildren();
      this.#count = PAGE;
      again();
    });
    again();
  }

  async #load(): Promise<void> {
    const asked = ++this.#asked;
    this.#askedAt = performance.now();
    const { meter } = this.#home.meter;
    try {
      const found = await service.episodes(meter, Math.min(MOST, this.#count + 1));
      const shown = new Set(found.slice(0, this.#count).map(({ episode }) => episode));
      const alerts = await service.alerts(meter, [...shown]);
      if (asked === this.#asked) this.#show(found, alerts);
    } catch {
      // asked again with the next state; that the service is away is told at the top
    }
  }

  #show(found: readonly Episode[], alerts: readonly Alert[]): void {
    this.#none.hidden = found.length > 0;
    this.#more.hidden = found.length <= this.#count;
    const shown = found.slice(0, this.#count).map((episode) => {
      const key = `${episode.episode} ${episode.kind}`;
      const item =
        this.#items.get(key) ??
        new EpisodeItem(this.#home, () => {
          void this.#load();
        });
      this.#items.set(key, item);
      const about = alerts.filter(
        (alert) => alert.episode === episode.episode && isSilence(alert) === (episode.kind === 'silent'),
      );
      item.show(episode, about.reverse());
      return item.element;
    });
    // those that stand where they stood keep the focus
    for (const [i, item] of shown.entries())
      if (this.#list.children[i] !== item) this.#list.insertBefore(item, this.#list.children[i] ?? null);
    while (this.#list.children.length > shown.length) this.#list.lastElementChild?.remove();
  }
}

const isSilence = ({ event }: Alert): boolean => event === 'meter_silent' || event === 'meter_back';
