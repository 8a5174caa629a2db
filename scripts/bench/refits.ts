import {
  challenge,
  compileModel,
  DAY,
  defaultPolicy,
  fit,
  historyOf,
  SeriesRun,
  successor,
  Trial,
} from '@lefton/core';
import type { Challenge, FitOptions, LeftOnModel, Series } from '@lefton/core';
import { parseArgs } from 'node:util';
import { CLOCK, isPresent, loadRealHome, realHomes } from '@lefton/notebook-lib';
import { referenceUniform } from './injection.ts';

/**
 * Which refits do a home good: none, blind ones every week, those that are held against the model in use, or the same
 * models without asking: what was found and has not come to stay is left out of them.
 */
const WAYS = ['none', 'blind', 'challenged', 'unasked'] as const;
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
  for (const home of realHomes) {
    if (values.home?.includes(home.name) === false || !isPresent(home)) continue;
    const clean = loadRealHome(home);
    const cut = Math.trunc(clean.watts.length * 0.6);
    for (const life of LIVES)
      for (const way of WAYS) console.log(`${home.name}: ${life}, ${way}: ${figures(clean, cut, way, life)}`);
  }
}

function figures(clean: Series, cut: number, way: Way, life: Life): string {
  const trial = new Trial(clean, cut, { uniform: referenceUniform() });
  const { injected } = trial;
  const { startAt, stepMs, known } = clean;
  const lived = historyOf(life === 'clean' ? clean : injected);
  const first = cut - DAY / stepMs;
  const runs = [
    new SeriesRun(clean, defaultPolicy, first),
    new SeriesRun(injected, defaultPolicy, first),
  ] as const;
  const own = life === 'clean' ? runs[0] : runs[1];
  let model: LeftOnModel = fit(lived, { ...options, until: startAt + cut * stepMs });
  const decisions: Challenge[] = [];
  for (let from = cut; from < known.length; from += (7 * DAY) / stepMs) {
    const until = startAt + from * stepMs;
    const alarmed = own.found(until);
    if (from > cut && way === 'blind') model = fit(lived, { ...options, until, alarmed });
    if (from > cut && (way === 'challenged' || way === 'unasked')) {
      const result = challenge(lived, model, { ...options, until, alarmed, policy: defaultPolicy });
      decisions.push(result);
      if (result.promoted || way === 'unasked') model = successor(result, model);
    }
    const [compiled, end] = [compileModel(model), Math.min(from + (7 * DAY) / stepMs, known.length)];
    for (const run of runs) run.upTo(end, compiled);
  }
  const found = trial.judge(runs[0].on, runs[1].on);
  const kept = way === 'unasked' ? [] : decisions.filter(({ promoted }) => !promoted);
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

main(process.argv.slice(2));
