import { SECOND } from '@lefton/core';
import type { Log } from '../telemetry/log.ts';
import type { Meter } from './meters.ts';
import { NamedOnce } from './named-once.ts';

/** Readings this many steps apart come less often than those of the model's history. */
const SELDOM_STEPS = 3;

/** A model of minutes sees little in readings of each quarter of an hour, and somebody should know: once of each meter. */
export class Seldom {
  readonly #log: Log;
  readonly #said = new NamedOnce();

  constructor(log: Log) {
    this.#log = log;
  }

  look({ name, state, model }: Meter): void {
    const { stepMs, holdMs } = state.cadence;
    const { periodMs } = state.resampler;
    // what a sensor of changes does at night is what its model was fitted on
    if (!(periodMs > SELDOM_STEPS * stepMs && state.resampler.holdMs > holdMs)) return;
    // no model is read for this
    if ((model.resident?.kind ?? 'min-max') === 'min-max' || !this.#said.isNew(name)) return;
    this.#log.warn(
      'readings come less often than those that the model was fitted on: fit it anew from these',
      {
        meter: name,
        apart_s: Math.round(periodMs / SECOND),
        fitted_on_s: stepMs / SECOND,
      },
    );
  }
}
