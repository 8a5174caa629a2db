import {
  adoptModel,
  challenge,
  compileModel,
  createState,
  DAY,
  defaultPolicy,
  detect,
  evaluateRuns,
  fit,
  successor,
  watts,
} from '@lefton/core';
import type { Challenge, FitOptions, History, LeftOnModel, MeterState, Series, Stretch } from '@lefton/core';
import { parseArgs } from 'node:util';
import { CLOCK, homes, isPresent, loadHome } from './homes.ts';
import { inject } from './injection.ts';

/** Which refits do a home good: none, blind ones every week, or those that are held against the model in use. */
const WAYS = ['none', 'blind', 'challenged'] as const;
type Way = (typeof WAYS)[number];
/** What a home lives through and learns from: the days as they were, or with the appliances left on in them. */
const LIVES = ['clean', 'with appliances'] as const;
type Life = (typeof LIVES)[number];

const options: FitOptions = {
  zone: CLOCK.name,
  meter: 'home',
  falseAlarmsPerMonth: 1,
  fittedOn: 'bench',
  sha256: null,
  software: 'bench',
};

function main(args: readonly string[]): void {
  const { values } = parseArgs({ args: [...args], options: { home: { type: 'string', multiple: true } } });
  for (const home of homes) {
    if (values.home?.includes(home.name) === false || !isPresent(home)) continue;
    const clean = loadHome(home);
    const cut = Math.trunc(clean.watts.length * 0.6);
    for (const life of LIVES)
      for (const way of WAYS) console.log(`${home.name}: ${life}, ${way}: ${figures(clean, cut, way, life)}`);
  }
}

function figures(clean: Series, cut: number, way: Way, life: Life): string {
  const { injected, times } = inject(clean, cut);
  const { startAt, stepMs, known } = clean;
  const lived = historyOf(life === 'clean' ? clean : injected);
  const runs = [new Run(clean, cut), new Run(injected, cut)] as const;
  const own = life === 'clean' ? runs[0] : runs[1];
  let model: LeftOnModel = fit(lived, { ...options, until: startAt + cut * stepMs });
  const decisions: Challenge[] = [];
  for (let from = cut; from < known.length; from += (7 * DAY) / stepMs) {
    const until = startAt + from * stepMs;
    const alarmed = own.alarmed(until);
    if (from > cut && way === 'blind') model = fit(lived, { ...options, until, alarmed });
    if (from > cut && way === 'challenged') {
      const result = challenge(lived, model, { ...options, until, alarmed, policy: defaultPolicy });
      decisions.push(result);
      if (result.promoted) model = successor(result, model);
    }
    for (const run of runs) run.week(model, Math.min(from + (7 * DAY) / stepMs, known.length));
  }
  const cleanDays = (known.subarray(cut).reduce((sum, flag) => sum + flag, 0) * stepMs) / DAY;
  const windows = times.map(({ from, length }) => ({
    from: startAt + from * stepMs,
    to: startAt + (from + length) * stepMs,
  }));
  const found = evaluateRuns({
    startAt,
    stepMs,
    cleanOn: runs[0].on,
    injectedOn: runs[1].on,
    cut,
    windows,
    cleanDays,
  });
  const kept = decisions.filter(({ promoted }) => !promoted);
  return [
    `recall ${found.recall?.toFixed(2) ?? '-'}, within 1 h ${found.recallWithinHour?.toFixed(2) ?? '-'}`,
    `median delay ${Math.round((found.medianDelayMs ?? NaN) / 60_000)} min`,
    `false alarms in 30 days ${found.falseAlarmsPer30Days?.toFixed(1) ?? '-'}`,
    ...(decisions.length === 0 ? [] : [`promoted ${decisions.length - kept.length} of ${decisions.length}`]),
    ...(kept.length === 0
      ? []
      : [`kept as it finds less ${kept.filter(({ why }) => why.includes('finds less')).length}`]),
  ].join(', ');
}

/** One series going through detect, week by week. */
class Run {
  readonly on: Uint8Array;
  readonly #series: Series;
  readonly #found: { from: number; to: number }[] = [];
  #next: number;
  #state: MeterState | undefined;

  constructor(series: Series, cut: number) {
    this.#series = series;
    this.on = new Uint8Array(series.watts.length);
    this.#next = Math.max(0, cut - DAY / series.stepMs);
  }

  /** Episodes so far; an open one lasts until now. */
  alarmed(until: number): Stretch[] {
    return this.#found.map(({ from, to }) => ({ from, to: Math.min(to, until) }));
  }

  week(fitted: LeftOnModel, end: number): void {
    const model = compileModel(fitted);
    const { startAt, stepMs, watts: power, known } = this.#series;
    const state = this.#state === undefined ? createState(model, 'home') : adoptModel(model, this.#state);
    this.#state = state;
    for (let i = this.#next; i < end; i++) {
      if (known[i] !== 1) continue;
      const reading = {
        meter: 'home',
        at: startAt + i * stepMs,
        watts: watts(power[i] ?? NaN),
        energyWh: null,
        source: 'bench',
      };
      for (const event of detect(model, defaultPolicy, state, reading, Infinity)) {
        if (event.type === 'opened') this.#found.push({ from: event.since, to: Infinity });
        const last = this.#found.at(-1);
        if (event.type === 'closed' && last !== undefined) last.to = event.until ?? event.at;
      }
      if (state.phase === 'open') this.on[i] = 1;
    }
    this.#next = end;
  }
}

function historyOf({ startAt, stepMs, watts: power, known }: Series): History {
  const indices = Array.from(known.keys()).filter((i) => known[i] === 1);
  return {
    at: Float64Array.from(indices, (i) => startAt + i * stepMs),
    watts: Float64Array.from(indices, (i) => power[i] ?? NaN),
  };
}

main(process.argv.slice(2));
