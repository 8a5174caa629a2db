import { backtestInSlices, DAY, LeftOnError, parseInstant, powerToTell, Zone } from '@lefton/core';
import type { AnomalyEvent, BacktestSummary, History, Instant } from '@lefton/core';
import type { Tried, TriedEpisode, TryTask } from './try-task.ts';

/** Looked at: the last of what there is. */
export const TRIED_DAYS = 90;
const MOST_EPISODES = 500;

/** The last days of a meter. */
export class Past {
  readonly history: History;
  readonly readAt: Instant;

  /**
   * @param readAt the machine's clock
   * @throws LeftOnError `no_history`
   */
  constructor(history: History, readAt: Instant) {
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

  /** Runs the last days through detection, exactly as `lefton backtest` does; yields how far it is, 0..1. */
  *try({ meter, policy, model }: TryTask): Generator<number, Omit<Tried, 'fitted'>> {
    const { history, from } = this;
    const zone = Zone.named(model.zone);
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
      mode: model.kind === 'left-on' ? model.mode : null,
      flattered: (parseInstant(model.provenance.until) ?? -Infinity) > from + DAY,
      readAt: this.readAt,
    };
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
    const { episode, since, at, until, usualWatts, excessWh, cost, why } = event;
    const watts = powerToTell(event);
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
