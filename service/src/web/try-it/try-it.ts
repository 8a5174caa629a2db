import { button, element } from '../document/element.ts';
import type { Home } from '../home.ts';
import type { Panel } from '../panel.ts';
import { ProgressBar } from '../document/progress-bar.ts';
import { askTry } from './try-answers.ts';
import type { TriedAnswer, TryQuestion } from './try-answers.ts';
import { failure } from '../service.ts';
import { showTried } from './try-result.ts';

/** False alarms in 30 days; the service fits these ahead. */
const LADDER = [0.25, 0.5, 1, 2, 4, 8];
/** The slider goes further only where more is set. */
const MOST_SCORE = 2.5;
/** While a slider is moved it asks so often; the first time at once. */
const PACE_MS = 120;

/** Other settings, and what the last 90 days would have told with them. */
export const tryIt: Panel = {
  id: 'try-it',
  title: (texts) => texts.tryIt.title,
  wide: true,
  fill(root, home) {
    new TryIt(root, home);
  },
};

class TryIt {
  readonly #home: Home;
  readonly #score = element('input', {
    type: 'range',
    id: 'try-score',
    min: 0.5,
    max: MOST_SCORE,
    step: 0.05,
  });
  readonly #budget = element('input', {
    type: 'range',
    id: 'try-budget',
    min: -1,
    max: LADDER.length - 1,
    step: 1,
    value: -1,
  });
  readonly #scoreSaid = element('output', { for: 'try-score' });
  readonly #budgetSaid = element('output', { for: 'try-budget' });
  readonly #progress: ProgressBar;
  readonly #status = element('p', { id: 'try-status', role: 'status' });
  readonly #result = element('div');
  #asked = new AbortController();
  #next: ReturnType<typeof setTimeout> | undefined;
  #askedAt = -Infinity;
  /** Score from which the service tells, and where the slider stands for it. */
  #set = 1;
  #stands = '1';
  /** As it is told now; asked first. */
  #present: TriedAnswer | undefined;

  constructor(root: HTMLElement, home: Home) {
    const { tryIt: texts } = home.texts;
    this.#home = home;
    this.#setScore();
    this.#progress = new ProgressBar(texts.title, home.notation);
    const field = (id: string, name: string, input: HTMLElement, said: HTMLElement): HTMLElement =>
      element('div', { class: 'slider' }, element('label', { for: id }, name), input, said);
    root.append(
      element('p', { class: 'quiet' }, texts.what),
      field('try-score', texts.score, this.#score, this.#scoreSaid),
      field('try-budget', texts.budget, this.#budget, this.#budgetSaid),
      element(
        'div',
        { class: 'tools' },
        button(texts.show, () => void this.#ask(), { id: 'try-show' }),
        button(texts.reset, () => {
          this.#reset();
        }),
      ),
      this.#progress.element,
      this.#status,
      this.#result,
    );
    for (const input of [this.#score, this.#budget])
      input.addEventListener('input', () => {
        this.#say();
        clearTimeout(this.#next);
        const wait = Math.max(0, this.#askedAt + PACE_MS - performance.now());
        this.#next = setTimeout(() => void this.#ask(), wait);
      });
    home.on('meter', () => {
      this.#reset();
    });
    home.on('state', () => {
      if (this.#home.state.alert_at !== this.#set) this.#reset();
    });
    this.#say();
  }

  /** Back to what is set, with nothing marked. */
  #reset(): void {
    this.#asked.abort();
    this.#setScore();
    this.#budget.value = '-1';
    this.#present = undefined;
    this.#status.textContent = '';
    this.#progress.hide();
    this.#result.replaceChildren();
    this.#home.mark('try-it', []);
    this.#say();
  }

  /** To what the service tells from. */
  #setScore(): void {
    this.#set = this.#home.state.alert_at;
    this.#score.max = String(Math.max(MOST_SCORE, this.#set));
    this.#score.value = String(this.#set);
    this.#stands = this.#score.value;
  }

  /** What is set may lie between two steps of the slider. */
  get #alertAt(): number {
    return this.#score.value === this.#stands ? this.#set : Number(this.#score.value);
  }

  get #wanted(): number | null {
    return LADDER[Number(this.#budget.value)] ?? null;
  }

  #say(): void {
    const { texts, notation, meter } = this.#home;
    this.#scoreSaid.textContent = notation.number(this.#alertAt, 2);
    const own = meter.model.false_alarms_per_month;
    const budget = this.#wanted;
    const said = budget ?? own;
    const number = said === null ? '' : notation.number(said, said < 1 ? 2 : 0);
    this.#budgetSaid.textContent = budget === null ? texts.tryIt.asModel(number) : texts.tryIt.aMonth(number);
    this.#budget.setAttribute('aria-valuetext', this.#budgetSaid.textContent);
  }

  async #ask(): Promise<void> {
    const { texts, meter } = this.#home;
    this.#askedAt = performance.now();
    this.#asked.abort();
    const asked = new AbortController();
    this.#asked = asked;
    const question: TryQuestion = { meter: meter.meter };
    const wanted = { ...question, alert_at: this.#alertAt, false_alarms_per_month: this.#wanted };
    const ask = (of: TryQuestion): Promise<TriedAnswer> =>
      askTry(of, asked.signal, (stage, share) => {
        this.#progress.show(share);
        this.#status.textContent = texts.tryIt.stages[stage];
      });
    try {
      this.#present ??= await ask(question);
      const tried = await ask(wanted);
      this.#progress.hide();
      this.#status.textContent = showTried(this.#result, this.#home, tried, this.#present);
    } catch (error) {
      if (asked.signal.aborted) return;
      this.#progress.hide();
      this.#status.textContent = failure(error, texts);
    }
  }
}
