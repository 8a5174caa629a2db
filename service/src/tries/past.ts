import { backtestInSlices, DAY, fit, LeftOnError, parseInstant, Zone } from '@lefton/core';
import type { AnomalyEvent, BacktestSummary, Instant, LeftOnModel, Model } from '@lefton/core';
import { readLabels } from '../labels-input.ts';
import { SOFTWARE } from '../software.ts';
import type { StoreHistory } from '../store-history.ts';
import type { Tried, TriedEpisode, TryTask } from './try-task.ts';

/** Looked at: the last of what there is. */
const TRIED_DAYS = 90;
/** A fit on so many days before is one that has not seen what it is tried on. */
const FIT_DAYS = 56;
/** With less, nothing can be fitted. */
const LEAST_DAYS = 7;
const MOST_EPISODES = 500;

/** The stored past of a meter, with the models that were fitted on it. */
export class Past {
  readonly history: StoreHistory;
  readonly readAt: Instant;
  readonly #fitted = new Map<string, LeftOnModel>();

  /**
   * @param readAt the machine's clock
   * @throws LeftOnError `no_history`
   */
  constructor(history: StoreHistory, readAt: Instant) {
    if (history.at.length === 0) {
      const expected = 'readings kept here; let some come, or take in an export of the history';
      throw new LeftOnError({ code: 'no_history', place: 'the last 90 days', expected, found: 'none' });
    }
    this.history = history;
    this.readAt = readAt;
  }

  get #first(): Instant {
    return this.history.at[0] ?? 0;
  }

  get #last(): Instant {
    return this.history.at[this.history.at.length - 1] ?? 0;
  }

  /** Where the tried days begin. */
  get from(): Instant {
    return Math.max(this.#first, this.#last - TRIED_DAYS * DAY);
  }

  /** True once this budget has been asked for. */
  hasFitted(task: TryTask, budget: number): boolean {
    return this.#fitted.has(this.#keyOf(task, budget));
  }

  /**
   * The model for another budget: fitted on what was before the tried days, or where that is too little on all.
   * @throws LeftOnError `little_history`
   */
  fitted(task: TryTask, budget: number): LeftOnModel {
    const key = this.#keyOf(task, budget);
    const known = this.#fitted.get(key);
    if (known !== undefined) return known;
    const { db, meter, model, windows } = task;
    if (this.#last - this.#first < LEAST_DAYS * DAY) {
      const days = Math.floor((this.#last - this.#first) / DAY);
      const expected = `${LEAST_DAYS} days of readings kept here to fit another budget on; take in an export of the history`;
      throw new LeftOnError({ code: 'little_history', place: meter, expected, found: `${days} days` });
    }
    const until = this.from - this.#first >= FIT_DAYS * DAY ? this.from : undefined;
    const before = ({ from }: { readonly from: Instant }): boolean => from < (until ?? Infinity);
    const fitted = fit(this.history, {
      zone: model.zone,
      meter,
      ...(until === undefined ? {} : { until }),
      falseAlarmsPerMonth: budget,
      windows: [...windows, ...readLabels(db, meter)].filter(before),
      alarmed: this.history.found.filter(before),
      holidays: holidaysOf(model),
      fittedOn: this.history.place,
      sha256: this.history.sha256,
      software: SOFTWARE,
    });
    this.#fitted.set(key, fitted);
    return fitted;
  }

  /** Runs the last days through detection, exactly as `lefton backtest` does; yields how far it is, 0..1. */
  *try(task: TryTask): Generator<number, Tried> {
    const { history, from } = this;
    const { meter, policy, budget } = task;
    const model = budget === null ? task.model : this.fitted(task, budget);
    const zone = new Zone(model.zone);
    const told = new Told();
    const steps = backtestInSlices(history, model, { meter, policy, from });
    let step: IteratorResult<AnomalyEvent | number, BacktestSummary> = steps.next();
    for (; step.done !== true; step = steps.next()) {
      if (typeof step.value === 'number') yield step.value;
      else told.take(step.value);
    }
    const { until, days, readings } = step.value;
    const episodes = told.episodes;
    return {
      ...{ from: step.value.from, until, days, readings, zone: zone.name },
      episodes: episodes.slice(-MOST_EPISODES),
      count: episodes.length,
      months: monthsOf(step.value, episodes, zone),
      silences: told.silences,
      fitted: budget === null ? 'in_use' : 'anew',
      mode: model.kind === 'left-on' ? model.mode : null,
      flattered: (parseInstant(model.provenance.until) ?? -Infinity) > from + DAY,
      readAt: this.readAt,
    };
  }

  #keyOf({ windows, model }: TryTask, budget: number): string {
    return JSON.stringify([budget, windows, model.zone, holidaysOf(model)]);
  }
}

/** Events to episodes. */
class Told {
  silences = 0;
  readonly #episodes = new Map<string, TriedEpisode>();

  get episodes(): TriedEpisode[] {
    return [...this.#episodes.values()];
  }

  take(event: AnomalyEvent): void {
    if (event.type === 'meter_silent') this.silences++;
    if (event.type === 'meter_silent' || event.type === 'meter_back') return;
    const { episode, since, at, until, watts, usualWatts, excessWh, cost, why } = event;
    const first = this.#episodes.get(episode) ?? { episode, since, openedAt: at, watts, usualWatts, why };
    this.#episodes.set(episode, { ...first, until, excessWh, cost });
  }
}

function monthsOf(
  { from, until }: BacktestSummary,
  episodes: readonly TriedEpisode[],
  zone: Zone,
): Tried['months'] {
  const months = new Map<string, { days: number; episodes: number }>();
  const monthOf = (at: Instant): { days: number; episodes: number } => {
    const name = zone.format(at).slice(0, 7);
    const month = months.get(name) ?? { days: 0, episodes: 0 };
    months.set(name, month);
    return month;
  };
  for (let at = from; at < until;) {
    const next = Math.min(until, zone.startOfDay(zone.dayNumber(at) + 1));
    monthOf(at).days += (next - at) / DAY;
    at = next;
  }
  for (const { openedAt } of episodes) monthOf(openedAt).episodes++;
  return [...months].map(([month, of]) => ({
    month,
    days: Math.round(of.days * 10) / 10,
    episodes: of.episodes,
  }));
}

const holidaysOf = (model: Model): number[] =>
  model.kind === 'left-on' ? model.holidays.map((date) => Date.parse(`${date}T00:00:00Z`) / DAY) : [];
