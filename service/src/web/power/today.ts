import { element } from '../document/element.ts';
import { gestures, keys } from './gestures.ts';
import type { Home, Mark } from '../home.ts';
import type { Panel } from '../panel.ts';
import { PowerChart } from './power-chart.ts';
import { PowerWindow } from './power-window.ts';
import { failure, Refused, service } from '../service.ts';
import { DAY } from '../document/notation.ts';
import { lengthOf, widened } from './span.ts';
import type { Span } from './span.ts';
import { TodayCaption } from './today-caption.ts';
import { TodayTools } from './today-tools.ts';

const MOST_EPISODES = 300;
const MARKS = 'episodes';

/** Power over the expected range, to be moved and zoomed from a year down to single readings. */
export const today: Panel = {
  id: 'today',
  title: (texts) => texts.today.title,
  fill(root, home) {
    new Today(root, home).begin();
  },
};

class Today {
  readonly #home: Home;
  readonly #window = new PowerWindow();
  readonly #chart: PowerChart;
  readonly #caption: TodayCaption;
  readonly #trouble = element('p', { class: 'error', role: 'status' });
  readonly #tools: TodayTools;
  readonly #root: HTMLElement;
  #marks: readonly Mark[] = [];
  /** The newest episode when they were asked for; empty: they are to be asked for. */
  #markedWith = '';
  #span: Span;
  /** The end is where the newest is. */
  #following = true;
  /** How many local days earlier is what stands beside it; 0: nothing. */
  #daysBefore = 1;
  #loading = false;

  constructor(root: HTMLElement, home: Home) {
    const { today: texts } = home.texts;
    this.#home = home;
    this.#root = root;
    this.#caption = new TodayCaption(home);
    this.#span = this.#newest(DAY);
    const movable = {
      span: () => this.#span,
      move: (span: Span) => {
        this.#look(span);
      },
      home: () => {
        this.#follow(lengthOf(this.#span));
      },
    };
    this.#tools = new TodayTools(home.texts, this.#daysBefore, {
      ...movable,
      follow: (length) => {
        this.#follow(length);
      },
      compare: (days) => {
        this.#daysBefore = days;
        this.#draw();
      },
      fixed: () => (this.#following ? 1 : 0.5),
    });
    const figure = element('div', {
      ...{ class: 'figure', role: 'group', tabindex: 0, 'aria-label': texts.title },
      'aria-describedby': 'today-summary today-hint',
    });
    root.append(
      this.#tools.element,
      figure,
      this.#caption.readout,
      this.#trouble,
      this.#caption.summary,
      this.#caption.legend,
      element('p', { class: 'quiet small', id: 'today-hint' }, texts.hint),
    );
    this.#chart = new PowerChart(figure, home.notation, this.#span, (index) => {
      this.#caption.point(this.#window, index);
    });
    gestures(this.#chart.area, movable);
    keys(figure, movable);
  }

  begin(): void {
    const home = this.#home;
    home.on('readings', (power) => {
      this.#window.add(power);
      this.#draw();
    });
    home.on('meter', () => {
      this.#window.forget();
      this.#follow(lengthOf(this.#span));
      home.mark(MARKS, []);
    });
    home.on('marks', (marks) => {
      this.#marks = marks;
      this.#draw();
    });
    home.on('look', ({ from, to }) => {
      this.#look({ from, to });
      this.#root.scrollIntoView();
    });
    home.on('state', ({ last_episode: episode }) => {
      if (JSON.stringify(episode) !== this.#markedWith) void this.#markEpisodes();
      // it tells the newest instant, and comes after the readings
      if (this.#following) this.#follow(lengthOf(this.#span));
      else this.#draw();
    });
    this.#draw();
  }

  /** A span of this length that ends with the newest reading, or now where that is within it. */
  #newest(length: number): Span {
    const { meter, now } = this.#home;
    const heard = meter.newest_at === null ? now : Date.parse(meter.newest_at);
    const to = now - heard < length ? Math.max(now, heard) : heard;
    return { from: to - length, to };
  }

  #follow(length: number): void {
    this.#following = true;
    this.#span = this.#newest(length);
    this.#draw();
  }

  #look(span: Span): void {
    this.#following = span.to >= this.#newest(lengthOf(span)).to;
    this.#span = this.#following ? this.#newest(lengthOf(span)) : span;
    this.#draw();
  }

  #draw(): void {
    const { meter, notation } = this.#home;
    const { power, faint, expected } = this.#window;
    this.#chart.show({ power, faint, expected, marks: this.#marks }, this.#span, notation);
    this.#tools.press(this.#following ? lengthOf(this.#span) : null);
    const isThere = this.#window.shows(meter.meter, this.#span, this.#daysBefore);
    this.#caption.say(this.#window, this.#span, isThere);
    if (!this.#loading && !isThere) {
      this.#loading = true;
      void this.#load();
    }
  }

  /** Asks for what is missing, until what is shown is there; one question at a time. */
  async #load(): Promise<void> {
    const { meter: of, notation } = this.#home;
    const width = this.#chart.area.clientWidth;
    try {
      await this.#window.load(of.meter, this.#span, width, this.#daysBefore, notation);
      this.#trouble.textContent = '';
      await this.#markEpisodes();
    } catch (error) {
      // asked again with the next state
      const { texts } = this.#home;
      this.#trouble.textContent = error instanceof Refused ? failure(error, texts) : texts.page.away;
      return;
    } finally {
      this.#loading = false;
    }
    this.#draw();
  }

  async #markEpisodes(): Promise<void> {
    const { meter, last_episode: newest } = this.#home.meter;
    const { from } = widened(this.#span, 0.5);
    this.#markedWith = JSON.stringify(newest);
    const episodes = await service.episodes(meter, MOST_EPISODES, from).catch(() => undefined);
    // another meter is looked at by now
    if (meter !== this.#home.meter.meter) return;
    if (episodes === undefined) {
      // asked again with the next state
      this.#markedWith = '';
      return;
    }
    const marks = episodes
      .filter(({ kind }) => kind === 'unusual')
      .map(({ since, until }): Mark => {
        return {
          since: Date.parse(since),
          until: until === null ? null : Date.parse(until),
          kind: 'unusual',
        };
      });
    this.#home.mark(MARKS, marks);
  }
}
