import { compileModel, DAY, defaultPolicy, fit, historyOf, SeriesRun } from '@lefton/core';
import type { StreamDetector, StreamRun } from './protocol.ts';

/**
 * The product as a home gets it: core's own fit every week on the clean days before, core's own detect on each step.
 * The alarm is on while the episode is open.
 */
export const product: StreamDetector = {
  name: 'LeftOn',
  run: (clean, injected, cut, zone) => {
    const history = historyOf(clean);
    const [day, week] = [DAY / clean.stepMs, (7 * DAY) / clean.stepMs];
    const onClean = new SeriesRun(clean, defaultPolicy, cut - day);
    const onInjected = new SeriesRun(injected, defaultPolicy, cut - day);
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
      for (const run of [onClean, onInjected]) run.upTo(Math.min(from + week, clean.watts.length), model);
    }
    return {
      cleanOn: onClean.on,
      injectedOn: onInjected.on,
      cleanScore: onClean.score,
      injectedScore: onInjected.score,
    } satisfies StreamRun;
  },
};
