import { type CompiledModel, compileModel } from '../model/compiled.ts';
import { detect } from '../detect.ts';
import { silence, silentFrom } from '../silence.ts';
import type { Policy } from '../policy.ts';
import type { AnomalyEvent } from '../event.ts';
import { indexFrom } from '../series/history.ts';
import type { History } from '../series/history.ts';
import { createState } from '../meter-state.ts';
import { adoptModel } from '../saved-state.ts';
import type { Model } from '../model/model.ts';
import { VERDICTS } from '../quality.ts';
import type { Verdict } from '../quality.ts';
import { DAY, merged } from '../time.ts';
import type { Instant, Stretch } from '../time.ts';
import { watts } from '../units.ts';

/** What a replay of history is asked for. */
export interface BacktestOptions {
  readonly meter: string;
  readonly policy: Policy;
  /** Tell from here on; the day before is folded without telling. */
  readonly from: Instant;
  /** What was really left on: no part of the days that should have been quiet. */
  readonly leftOn?: readonly Stretch[];
  /** Fits anew with the history before `until`; called every `everyMs`. */
  readonly refit?: {
    readonly everyMs: number;
    readonly fit: (until: Instant, alarmed: readonly Stretch[]) => Model;
  };
}

/** What a replay came to. */
export interface BacktestSummary {
  readonly from: Instant;
  readonly until: Instant;
  /** Of which power is known: a gap is no time without alerts. */
  readonly days: number;
  /** The same without what was really left on. */
  readonly cleanDays: number;
  readonly readings: number;
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  readonly episodes: number;
  readonly refits: number;
  /** The last stretch may still be open at the end. */
  readonly stretches: readonly Stretch[];
}

const WARM_UP = DAY;
/** Readings between two looks at who waits: some milliseconds. */
const SLICE = 4_096;

/** Runs a history through detect, exactly as the service would have seen it, and yields what it would have told. */
export function* backtest(
  history: History,
  model: Model,
  options: BacktestOptions,
): Generator<AnomalyEvent, BacktestSummary> {
  const steps = backtestInSlices(history, model, options);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    if (typeof step.value !== 'number') yield step.value;
  }
}

/** The same for a caller that has to see to other things in between: now and then yields how much is done, 0..1. */
export function* backtestInSlices(
  history: History,
  model: Model,
  options: BacktestOptions,
): Generator<AnomalyEvent | number, BacktestSummary> {
  const { policy, from, refit, meter } = options;
  const { at, watts: power } = history;
  let compiled: CompiledModel = compileModel(model);
  let state = createState(compiled, meter);
  let nextRefit = from + (refit?.everyMs ?? Infinity);
  let refits = 0;
  const reading = { meter, at: 0, watts: watts(0), energyWh: null, source: '' };
  const counts = new Map<Verdict, number>();
  const stretches: { from: Instant; to: Instant }[] = [];
  let readings = 0;
  let knownMs = 0;
  let leftOnMs = 0;
  const leftOn = merged(options.leftOn ?? []);
  let told = '';
  const first = indexFrom(history, from - WARM_UP);
  const until = at[at.length - 1] ?? from;
  for (let i = first; i < at.length; i++) {
    if ((i - first) % SLICE === SLICE - 1) yield (i - first) / (at.length - first);
    reading.at = at[i] ?? NaN;
    reading.watts = watts(power[i] ?? NaN);
    while (refit !== undefined && reading.at >= nextRefit) {
      compiled = compileModel(refit.fit(nextRefit, stretches));
      state = adoptModel(compiled, state);
      nextRefit += refit.everyMs;
      refits++;
    }
    const due = silentFrom(policy, state);
    const silent = due < reading.at ? silence(compiled, policy, state, due) : [];
    const before = state.newestReading;
    const happened = detect(compiled, policy, state, reading, Infinity);
    if (reading.at < from) continue;
    readings++;
    if (state.verdict === 'ok' && before >= from) {
      const held = Math.max(0, Math.min(reading.at - before, state.resampler.holdMs));
      knownMs += held;
      leftOnMs += within(leftOn, before, before + held);
    }
    counts.set(state.verdict, (counts.get(state.verdict) ?? 0) + 1);
    yield* silent;
    for (const event of happened) {
      // an episode that opened before `from` was not told, so its end is not told either
      if (event.type === 'opened') told = event.episode;
      else if (event.type !== 'meter_back' && event.episode !== told) continue;
      note(stretches, event, until);
      yield event;
    }
  }
  return {
    from: Math.max(from, at[first] ?? from),
    until,
    days: knownMs / DAY,
    cleanDays: (knownMs - leftOnMs) / DAY,
    readings,
    verdicts: Object.fromEntries(VERDICTS.flatMap((v) => (counts.has(v) ? [[v, counts.get(v)]] : []))),
    episodes: stretches.length,
    refits,
    stretches,
  };
}

/** How much of a time is in stretches that are apart from each other. */
const within = (stretches: readonly Stretch[], from: Instant, to: Instant): number =>
  stretches.reduce((sum, each) => sum + Math.max(0, Math.min(each.to, to) - Math.max(each.from, from)), 0);

function note(stretches: { from: Instant; to: Instant }[], event: AnomalyEvent, until: Instant): void {
  const last = stretches[stretches.length - 1];
  if (event.type === 'opened') stretches.push({ from: event.since, to: until });
  else if (event.type === 'closed' && last !== undefined) last.to = event.until ?? event.at;
}
