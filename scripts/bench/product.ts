import { compileModel, DAY, defaultPolicy, fit, historyOf, SeriesRun } from '@lefton/core';
import type { Series, Zone } from '@lefton/core';
import type { StreamDetector, StreamRun } from './protocol.ts';

/**
 * What the product says of several versions of a home, as a home gets it: core's own fit every week on the clean days
 * before, core's own detect on each step. The alarm is on while the episode is open.
 * @param versions that are the same until the step `cut`
 */
export function told(clean: Series, versions: readonly Series[], cut: number, zone: Zone): SeriesRun[] {
  const history = historyOf(clean);
  const [day, week] = [DAY / clean.stepMs, (7 * DAY) / clean.stepMs];
  const runs = versions.map((version) => new SeriesRun(version, defaultPolicy, cut - day));
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
  return runs;
}

export const product: StreamDetector = {
  name: 'LeftOn',
  run: (clean, injected, cut, zone) => {
    const [onClean, onInjected] = told(clean, [clean, injected], cut, zone);
    return {
      cleanOn: onClean?.on ?? new Uint8Array(),
      injectedOn: onInjected?.on ?? new Uint8Array(),
      cleanScore: onClean?.score ?? new Float64Array(),
      injectedScore: onInjected?.score ?? new Float64Array(),
    } satisfies StreamRun;
  },
};
