import { LeftOnError } from '@lefton/core';
import type { LeftOnModel } from '@lefton/core';
import { join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { Asker } from './asker.ts';
import type { BudgetTask, Tried, TryStage, TryTask } from './try-task.ts';

const HEAP_MB = 256;
/** Nobody has asked for this long: the memory goes back. */
const IDLE_MS = 5 * 60_000;
/** The hand rests: nothing else is asked for so long. */
const RESTING_MS = 500;
/** The whole past of a meter that has more readings than this in 90 days is read when a budget is asked for, not ahead. */
const AHEAD_READINGS = 1_000_000;

/** How far an answer is; share 0..1 of the stage. */
type TryProgress = (stage: TryStage, share: number) => void;

const ENDLESS = new AbortController().signal;

const moduleOf = (name: string): string => join(import.meta.dirname, `${name}.ts`);

/**
 * What other settings would have told: asked of a process that keeps the last days of the meter for a while, so that only
 * the first answer takes time. Models for other budgets are fitted in another, so that no move of the score waits for a fit.
 * One question at a time; a newer one ends the older. Nothing is changed by trying.
 */
export class Tries {
  readonly #trying = new Asker<TryTask, Tried>(moduleOf('try-process'), HEAP_MB);
  readonly #fitting = new Asker<BudgetTask, LeftOnModel | null>(moduleOf('budget-process'), HEAP_MB);
  #asking = new AbortController();
  /** Whose past the processes hold, or held. */
  readonly #meters = new Set<string>();
  /** What budgets were fitted ahead for. */
  #ahead = '';
  #idle: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;

  /**
   * @param signal the asker's patience
   * @throws LeftOnError `overtaken` by a newer question, `nobody_waits`, `little_history`, or `try_failed` (transient)
   */
  async ask(task: TryTask, signal: AbortSignal, progress: TryProgress): Promise<Tried> {
    this.#asking.abort(fault('overtaken', 'no newer question', 'one, which is answered instead'));
    const asking = new AbortController();
    this.#asking = asking;
    this.#meters.add(task.meter);
    this.#rest();
    clearTimeout(this.#soon);
    const leave = (): void => {
      asking.abort(fault('nobody_waits', 'somebody who waits for the answer', 'nobody'));
    };
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    const say = (stage: string, share: number): void => {
      progress(stage as TryStage, share);
    };
    try {
      const { budget } = task;
      const fitted =
        budget === null ? null : await this.#fitting.ask({ ...task, budget }, asking.signal, say);
      const tried = await this.#trying.ask({ ...task, model: fitted ?? task.model }, asking.signal, say);
      if (tried.readings < AHEAD_READINGS) this.#fitSoon(task);
      return { ...tried, fitted: fitted === null ? 'in_use' : 'anew' };
    } finally {
      signal.removeEventListener('abort', leave);
      this.#rest();
    }
  }

  /** Ends the processes; who waits is told. */
  stop(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#soon);
    this.#trying.stop();
    this.#fitting.stop();
    this.#ahead = '';
    this.#meters.clear();
  }

  /** The past of a meter that is to be forgotten leaves the memory; who waits for an answer about it is told. */
  letGo(meter: string): void {
    if (this.#meters.has(meter)) this.stop();
  }

  /** The budgets of the slider, while nobody asks for one. */
  #fitSoon(task: TryTask): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => {
      this.#fitAhead(task);
    }, RESTING_MS).unref();
  }

  #fitAhead(task: TryTask): void {
    const { meter, revision, model } = task;
    const of = JSON.stringify([meter, revision, model.zone, model.provenance.until]);
    if (of === this.#ahead) return;
    this.#ahead = of;
    // a question for a budget takes its place
    this.#fitting.ask({ ...task, budget: null }, ENDLESS, () => undefined).catch(() => undefined);
  }

  #rest(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      this.stop();
    }, IDLE_MS).unref();
  }
}

const fault = (code: string, expected: string, found: string): LeftOnError =>
  new LeftOnError({ code, place: 'try', expected, found });
