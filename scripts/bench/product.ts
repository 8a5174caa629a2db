import { compileModel, DAY, defaultPolicy, fit, historyOf, SeriesRun } from '@lefton/core';
import type { Series, Zone } from '@lefton/core';
import type { StreamDetector, StreamRun } from './protocol.ts';

/** A run of a home, as it was or with appliances left on, that begins a day before it is tested. */
export const runOf = (series: Series, cut: number): SeriesRun =>
  new SeriesRun(series, defaultPolicy, cut - DAY / series.stepMs);

/**
 * What the product says, as a home gets it: core's own fit every week on the clean days before, core's own detect on each
 * step. The alarm is on while the episode is open.
 * @param runs of versions of the home that are the same until the step `cut`
 */
export function tell(clean: Series, runs: readonly SeriesRun[], cut: number, zone: Zone): void {
  const history = historyOf(clean);
  const week = (7 * DAY) / clean.stepMs;
  for (let from = cut; from < clean.watts.length; from += week) {
    const model = compileModel(
      fit(history, {
        zone: zone.name,
        meter: 'home',
        until: clean.startAt + from * clean.stepMs,
        falseAlarmsPerMonth: 1,
        fittedOn: 'bench',
        sha256: null,
        software: 'bench',
      }),
    );
    for (const run of runs) run.upTo(Math.min(from + week, clean.watts.length), model);
  }
}

export const product: StreamDetector = {
  name: 'LeftOn',
  run: (clean, injected, cut, zone) => {
    const [onClean, onInjected] = [runOf(clean, cut), runOf(injected, cut)];
    tell(clean, [onClean, onInjected], cut, zone);
    return {
      cleanOn: onClean.on,
      injectedOn: onInjected.on,
      cleanScore: onClean.score,
      injectedScore: onInjected.score,
    } satisfies StreamRun;
  },
};
