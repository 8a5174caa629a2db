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
import { forgetful, heating, LIVES, solar } from './lives.ts';
import type { Life } from './lives.ts';

/**
 * Which refits do a home good: none, blind ones every week, those that are held against the model in use, or the same
 * models without asking: what was found and has not come to stay is left out of them. Lives are in lives.ts.
 */
const WAYS = ['none', 'blind', 'challenged', 'unasked'] as const;
type Way = (typeof WAYS)[number];

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
    const asItWas = loadRealHome(home);
    const cut = Math.trunc(asItWas.watts.length * 0.6);
    for (const life of LIVES)
      for (const way of WAYS)
        console.log(`${home.name}: ${life}, ${way}: ${figures(asItWas, cut, way, life)}`);
  }
}

function figures(asItWas: Series, cut: number, way: Way, life: Life): string {
  const changed = { heating, solar }[life as string];
  const clean = changed?.(asItWas, cut, referenceUniform()) ?? asItWas;
  const trial = new Trial(clean, cut, { uniform: referenceUniform() });
  const { startAt, stepMs, known } = clean;
  const lives = life === 'left on now and then' ? forgetful(trial) : clean;
  const lived = historyOf(lives);
  const first = cut - DAY / stepMs;
  const run = (series: Series): SeriesRun => new SeriesRun(series, defaultPolicy, first);
  const [own, quiet, injected] = [run(lives), run(clean), run(trial.injected)];
  let model: LeftOnModel = fit(lived, { ...options, until: startAt + cut * stepMs });
  const decisions: Challenge[] = [];
  for (let from = cut; from < known.length; from += (7 * DAY) / stepMs) {
    const until = startAt + from * stepMs;
    const alarmed = own.found(until);
    if (from > cut && way === 'blind') model = fit(lived, { ...options, until });
    if (from > cut && (way === 'challenged' || way === 'unasked')) {
      const result = challenge(lived, model, { ...options, until, alarmed, policy: defaultPolicy });
      decisions.push(result);
      if (result.promoted || way === 'unasked') model = successor(result, model);
    }
    const [compiled, end] = [compileModel(model), Math.min(from + (7 * DAY) / stepMs, known.length)];
    for (const run of [own, quiet, injected]) run.upTo(end, compiled);
  }
  const found = trial.judge(quiet.on, injected.on);
  const kept = way === 'unasked' ? [] : decisions.filter(({ promoted }) => !promoted);
  return [
    `${own.found(Infinity).length} told`,
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
