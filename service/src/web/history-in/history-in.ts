import { dropZone } from './drop-zone.ts';
import { button, element } from '../document/element.ts';
import { history, isOver } from './history-answers.ts';
import type { HistoryJob, HistoryView } from './history-answers.ts';
import { choiceOf } from './history-choice.ts';
import { reportOf } from './history-report.ts';
import { questionsOf } from './history-questions.ts';
import type { Home } from '../home.ts';
import type { Panel } from '../panel.ts';
import { ProgressBar } from '../document/progress-bar.ts';
import { failure, service } from '../service.ts';
import { framesOf } from '../document/stream.ts';
import { zipOf } from './zip.ts';

/** After a break of the stream. */
const AGAIN_MS = 1_000;
/** Not opened within the zip that several files are sent as. */
const PACKED = /\.(?:gz|zip)$/i;

/** What the panel needs of a home: there need not be one yet. */
export type HistoryHome = Pick<Home, 'texts' | 'notation' | 'now' | 'hear'>;

/** An export dropped here, or several of one meter, becomes the past of a meter, and a model of it. */
export const historyIn: Panel = {
  id: 'history-in',
  title: (texts) => texts.historyIn.title,
  wide: true,
  fill(root, home) {
    fillHistoryIn(root, home);
  },
};

export function fillHistoryIn(root: HTMLElement, home: HistoryHome): void {
  new HistoryIn(root, home);
}

class HistoryIn {
  readonly #home: HistoryHome;
  readonly #status = element('p', { id: 'history-status', role: 'status' });
  readonly #progress: ProgressBar;
  readonly #parts = element('div');
  readonly #undo = element('div', { class: 'tools', id: 'history-undo' });
  readonly #note = element('p', { class: 'quiet small' });
  #shown = '';
  #listening = false;

  constructor(root: HTMLElement, home: HistoryHome) {
    const { historyIn: texts } = home.texts;
    this.#home = home;
    this.#progress = new ProgressBar(texts.title, home.notation);
    const drop = dropZone(texts, (files) => {
      this.#send(files);
    });
    root.append(drop, this.#note, this.#status, this.#progress.element, this.#parts, this.#undo);
    // what was begun before a reload, or by somebody else
    void this.#look();
  }

  #send(files: readonly File[]): void {
    const { historyIn: texts } = this.#home.texts;
    const [file, ...more] = files;
    if (file === undefined) return;
    const empty = files.find(({ size }) => size === 0);
    const packed = more.length === 0 ? undefined : files.find(({ name }) => PACKED.test(name));
    if (empty !== undefined || packed !== undefined) {
      this.#status.textContent =
        empty === undefined ? texts.alone(packed?.name ?? '') : texts.empty(empty.name);
      return;
    }
    Promise.resolve(more.length === 0 ? file : zipOf(files))
      .then((one) =>
        history.send(one, (view) => {
          this.#show(view);
        }),
      )
      .then(() => this.#look())
      .catch((error: unknown) => {
        this.#fail(error);
      });
  }

  #act(doing: Promise<HistoryView>): void {
    doing
      .then((view) => {
        this.#show(view);
      })
      .then(() => this.#look())
      .catch((error: unknown) => {
        this.#fail(error);
      });
  }

  /** Hears of the export that is on its way, until it is in or given up. */
  async #look(): Promise<void> {
    if (this.#listening) return;
    this.#listening = true;
    for (let over = false; !over;) {
      try {
        over = await this.#listen();
      } catch {
        // the page says by itself that the service is away
      }
      if (!over) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
    this.#listening = false;
  }

  /** @returns true once nothing is on its way */
  async #listen(): Promise<boolean> {
    const view = await history.view();
    this.#show(view);
    if (view.job === null || isOver(view.job)) return true;
    for await (const { event, data } of framesOf('api/history/events', new AbortController().signal))
      if (event === 'history') this.#show(JSON.parse(data) as HistoryView);
    return false;
  }

  #fail(error: unknown): void {
    this.#status.textContent = failure(error, this.#home.texts);
  }

  #show({ job, note, last }: HistoryView): void {
    this.#note.textContent = note === null ? '' : this.#home.texts.told(note);
    this.#showLast(last);
    if (job === null) return;
    const isWaiting = isOver(job) || ['asking', 'read', 'choosing'].includes(job.state);
    if (isWaiting) this.#progress.hide();
    else this.#progress.show(job.state === 'receiving' ? job.received / job.size : job.share);
    const said = this.#say(job);
    if (this.#status.textContent !== said) this.#status.textContent = said;
    // what somebody fills in just now must not be taken from under the hand
    const shown = JSON.stringify([
      job.id,
      job.state,
      job.question,
      job.problem,
      job.report?.first,
      job.report?.zone,
    ]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    // a meter that has a model now is one of the page's
    if (job.state === 'done' || job.state === 'taken_out') void this.#hear();
    this.#parts.replaceChildren(...this.#partsOf(job));
  }

  /** The way back, as long as there is one. */
  #showLast(last: HistoryView['last']): void {
    const text = last === null ? '' : this.#home.texts.historyIn.undo(last.name, last.meter);
    if (this.#undo.textContent === text) return;
    this.#undo.replaceChildren(
      ...(last === null
        ? []
        : [
            button(text, () => {
              this.#act(history.undo());
            }),
          ]),
    );
  }

  async #hear(): Promise<void> {
    try {
      this.#home.hear(await service.state());
    } catch {
      // the page says by itself that the service is away
    }
  }

  #say(job: HistoryJob): string {
    const { historyIn: texts, told } = this.#home.texts;
    const { state, name, problem, choices, used, asked_of: names } = job;
    const { meter = '' } = choices;
    if (job.taken_out !== null) {
      const { readings, model } = job.taken_out;
      const count = this.#home.notation.number(readings, 0);
      return `${texts.takenOut(name, count)}${model === null ? '' : ` ${texts.models[model]}`}`;
    }
    if (state === 'done') return used === true ? texts.watched(meter) : texts.notUsed(meter);
    if (state === 'asking' && job.question !== null)
      return `${name}: ${texts.states[state]}. ${texts.asks(job.question, names.join(', '), problem ?? '')}`;
    const stage = state === 'fitting' && job.stage !== null ? texts.stages[job.stage] : undefined;
    return `${name}: ${stage ?? texts.states[state]}${problem === null ? '' : `. ${told(problem)}`}`;
  }

  #partsOf(job: HistoryJob): HTMLElement[] {
    const { historyIn: texts } = this.#home.texts;
    const choose = (choices: Parameters<typeof history.choose>[0]): void => {
      this.#act(history.choose(choices));
    };
    const cancel = button(texts.cancel, () => {
      this.#act(history.cancel());
    });
    const parts: HTMLElement[] =
      job.report === null || job.state === 'asking' ? [] : [reportOf(this.#home, job)];
    if (job.state === 'asking' || job.state === 'read') parts.push(questionsOf(this.#home, job, choose));
    if (job.state === 'choosing') parts.push(...choiceOf(this.#home, job, choose));
    if (!isOver(job) && job.state !== 'taking_out') parts.push(cancel);
    return parts;
  }
}
