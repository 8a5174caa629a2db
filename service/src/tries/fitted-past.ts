import { DAY, dayOfDate, fit, LeftOnError } from '@lefton/core';
import type { Instant, LeftOnModel, Model, Progress } from '@lefton/core';
import { readLabels } from '../cli/labels-input.ts';
import { SOFTWARE } from '../cli/software.ts';
import type { RecentHistory } from '../store/recent-history.ts';
import { TRIED_DAYS } from './past.ts';
import type { BudgetTask } from './try-task.ts';

/** A fit on so many days before is one that has not seen what it is tried on. */
const FIT_DAYS = 56;
/** With less, nothing can be fitted. */
const LEAST_DAYS = 7;

/** The stored past of a meter, with the models that were fitted on it. */
export class FittedPast {
  readonly #history: RecentHistory;
  readonly #fitted = new Map<string, LeftOnModel>();

  constructor(history: RecentHistory) {
    this.#history = history;
  }

  /** There is enough of it to fit on. */
  get isLong(): boolean {
    return this.#last - this.#first >= LEAST_DAYS * DAY;
  }

  get #first(): Instant {
    return this.#history.at[0] ?? 0;
  }

  get #last(): Instant {
    return this.#history.at[this.#history.at.length - 1] ?? 0;
  }

  /**
   * The model for another budget: fitted on what was before the tried days, or where that is too little on all.
   * @throws LeftOnError `little_history`
   */
  fitted(
    { db, meter, model, windows }: Omit<BudgetTask, 'budget'>,
    budget: number,
    progress?: Progress,
  ): LeftOnModel {
    const holidays = holidaysOf(model);
    const key = JSON.stringify([budget, windows, model.zone, holidays]);
    const known = this.#fitted.get(key);
    if (known !== undefined) return known;
    if (!this.isLong) {
      const days = Math.floor((this.#last - this.#first) / DAY);
      const expected = `${LEAST_DAYS} days of readings kept here to fit another budget on; take in an export of the history`;
      throw new LeftOnError({ code: 'little_history', place: meter, expected, found: `${days} days` });
    }
    const from = this.#last - TRIED_DAYS * DAY;
    const until = from - this.#first >= FIT_DAYS * DAY ? from : undefined;
    const before = ({ from: begun }: { readonly from: Instant }): boolean => begun < (until ?? Infinity);
    const fitted = fit(this.#history, {
      ...{ zone: model.zone, meter, falseAlarmsPerMonth: budget, holidays, progress },
      ...(until === undefined ? {} : { until }),
      windows: [...windows, ...readLabels(db, meter)].filter(before),
      alarmed: this.#history.found.filter(before),
      fittedOn: this.#history.place,
      sha256: null,
      software: SOFTWARE,
    });
    this.#fitted.set(key, fitted);
    return fitted;
  }
}

const holidaysOf = (model: Model): number[] =>
  model.kind === 'left-on' ? model.holidays.map(dayOfDate) : [];
